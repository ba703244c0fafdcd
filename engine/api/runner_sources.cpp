#include <utility>

#include "engine/api/runner.hpp"
#include "engine/http/request_fields.hpp"
#include "headrace/future.hpp"

// Request bodies that are asked for piece by piece.

namespace headrace::api {
namespace {

Future<std::string> next_piece(const BodySource& source) {
  const auto failed_piece = [](Error error) {
    return Future<std::string>(Result<std::string>(std::unexpected(std::move(error))));
  };
  try {
    Future<std::string> piece = source.next();
    if (piece.valid()) return piece;
    return failed_piece(
        {.code = ErrorCode::invalid_argument, .detail = "the body's source gave an empty future"});
  } catch (...) {
    return failed_piece(detail::error_of_current_exception());
  }
}

Result<std::string> trailers_of(const BodySource& source) noexcept {
  if (!source.trailers) return {};
  try {
    return http::render_trailers(source.trailers());
  } catch (...) {
    return std::unexpected(detail::error_of_current_exception());
  }
}

}  // namespace

// Sources are their callers' code, so they are asked where callbacks run.
void Runner::on_pull(const core::Pull& pull) {
  pulls_.push_back(detail::Ref<Call>::share(Call::from_tag(pull.tag)));
  loop_->stop();
}

void Runner::ask_sources() {
  for (const detail::Ref<Call>& call : std::exchange(pulls_, {})) {
    const auto source = sources_.find(call.get());
    if (source == sources_.end()) continue;  // its request is over
    called_back_ = true;
    inbox_->expect_piece();
    Future<std::string> piece = next_piece(*source->second);
    if (mark_.made_before_fork()) return;
    auto supply = [inbox = inbox_, to = detail::Ref<Call>::share(*call)](
                      Result<std::string> bytes) { inbox->supply(*to, std::move(bytes)); };
    piece.then(std::move(supply)).detach();
  }
}

void Runner::supply(core::Core& core, Instant now, Piece& piece) {
  Result<std::string> trailers;
  const auto source = sources_.find(piece.call.get());
  if (source != sources_.end() && piece.bytes && piece.bytes->empty())
    trailers = trailers_of(*source->second);
  if (!trailers) piece.bytes = std::unexpected(std::move(trailers.error()));
  core.on_body(now, piece.call->exchange, std::move(piece.bytes),
               trailers ? std::string_view(*trailers) : std::string_view());
}

}  // namespace headrace::api
