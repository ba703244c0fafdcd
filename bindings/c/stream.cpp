#include "bindings/c/stream.hpp"

#include <utility>

#include "bindings/c/future.hpp"
#include "bindings/c/structs.hpp"

namespace headrace::c {
namespace {

constexpr std::size_t body_padding = 64;  // hr_response.body promises it

}  // namespace

Future<Response> stream(Engine& engine, const Request& request, const std::shared_ptr<Body>& body) {
  return engine.stream(request).then([body](Result<ResponseStream> opened) -> Result<Response> {
    if (!opened) return std::unexpected(std::move(opened).error());
    return body->stream.emplace(*std::move(opened)).head();
  });
}

// The piece does not keep the body: who frees the streamed future meanwhile wants no more of it.
Future<Response> read(const std::shared_ptr<Body>& body) {
  return body->stream->read().then(
      [rest = std::weak_ptr(body)](Result<std::string> came) -> Result<Response> {
        if (!came) return std::unexpected(std::move(came).error());
        Response piece;
        piece.status = 0;
        piece.body = *std::move(came);
        piece.body.reserve(piece.body.size() + body_padding);
        const std::shared_ptr<Body> at_end = piece.body.empty() ? rest.lock() : nullptr;
        if (at_end) piece.trailers = at_end->stream->trailers();
        return piece;
      });
}

}  // namespace headrace::c

hr_future* hr_future_read(hr_future* streamed, bool announce, void* user_data) {
  using namespace headrace;
  using Queue = hr_future::Queue;
  try {
    const std::shared_ptr<c::Body> body = streamed == nullptr ? nullptr : streamed->open_body();
    const bool queued = announce && body != nullptr;
    auto handle =
        std::make_unique<hr_future>(user_data, queued ? Queue::share(*body->queue) : Queue());
    Future<Response> piece =
        body != nullptr ? c::read(body)
                        : Future<Response>(Result<Response>(std::unexpected(c::invalid(
                              "there is no body to read: the future is null, not ready, an error, "
                              "or hr_request.streamed was 0"))));
    hr_future* const started = handle.release();
    started->start(std::move(piece));
    return started;
  } catch (...) {  // out of memory
    return nullptr;
  }
}
