#include "bindings/client/call.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace headrace {
namespace {

using client::Token;
using client::TokenGate;

bool is_safe_to_repeat(const Request& request) {
  if (request.repeat != Repeat::by_method) return request.repeat == Repeat::allowed;
  return is_idempotent(request.method);
}

std::optional<detail::Clock::time_point> deadline_after(std::chrono::milliseconds timeout) {
  constexpr std::chrono::hours century{24 * 365 * 100};
  if (timeout.count() <= 0 || timeout >= century) return std::nullopt;
  return detail::Clock::now() + timeout;
}

}  // namespace

Client::Call::Call(std::shared_ptr<Core> core, Request request)
    : core_(std::move(core)),
      request_(std::move(request)),
      safe_to_repeat_(is_safe_to_repeat(request_)) {}

void Client::Call::start() noexcept {
  retain();
  detail::Batch batch;
  try {
    if (auto begun = begin(); !begun) return finish(std::unexpected(begun.error()), batch);
  } catch (...) {
    return finish(std::unexpected(detail::error_of_current_exception()), batch);
  }
  go(batch);
}

Result<void> Client::Call::begin() {
  if (!core_->add(*this))
    return std::unexpected(Error{.code = ErrorCode::closed,
                                 .safe_to_repeat = true,
                                 .detail = "the client is being destroyed"});
  auto url = core_->url_of(request_.url);
  if (!url) return client::refused(std::string(url.error()));
  url_ = *std::move(url);
  home_ = core_->base() ? core_->base()->origin : url_.origin;
  const auto timeout = request_.timeout.value_or(core_->options().timeout);
  if (timeout.count() < 0) return client::refused("the request's timeout is less than 0 (none)");
  deadline_ = deadline_after(timeout);
  return {};
}

// Steps until somebody else goes on, or it is finished.
void Client::Call::go(detail::Batch& batch) noexcept {
  try {
    while (step(batch)) {
    }
  } catch (...) {
    finish(std::unexpected(in_context(detail::error_of_current_exception())), batch);
  }
}

bool Client::Call::step(detail::Batch& batch) {
  if (is_to_end()) return finish(std::unexpected(reason_to_end()), batch), false;
  if (!get_token(batch)) return false;
  Future<Response> sent = submit();
  detail::SharedState& state = *sent.state();
  if (!driver_keeper_ && !core_->has_gates()) {
    driver_keeper_ = detail::Ref<detail::SharedState>::share(state);
    driver_ = state.driver();
  }
  {
    const std::lock_guard lock(mutex_);
    step_ = std::move(sent);
    if (end_asked_) step_.cancel();
  }
  if (state.subscribe(*this)) return false;
  {
    const std::lock_guard lock(mutex_);
    sent = std::move(step_);
  }
  return on_answer(sent.take(), batch);
}

void Client::Call::run(detail::Batch& batch) noexcept {
  Future<Response> sent;
  {
    const std::lock_guard lock(mutex_);
    sent = std::move(step_);
  }
  try {
    if (!on_answer(sent.take(), batch)) return;
  } catch (...) {
    return finish(std::unexpected(in_context(detail::error_of_current_exception())), batch);
  }
  go(batch);
}

// Gives true with a token, or when none is needed.
bool Client::Call::get_token(detail::Batch& batch) {
  token_.reset();
  const client::Credentials* credentials = core_->credentials_of(url_.origin);
  if (credentials == nullptr || !credentials->gate || request_.headers.contains("Authorization"))
    return true;
  token_ = credentials->gate->newer_than(refused_epoch_);
  return token_ || park(*credentials->gate, batch);
}

// Keeps itself: once on the list, the call may be over before this returns.
bool Client::Call::park(TokenGate& gate, detail::Batch& batch) {
  const auto self = detail::Ref<Call>::share(*this);
  if (deadline_) wake_at(*deadline_);
  {
    const std::lock_guard lock(mutex_);
    parked_at_ = gate.shared_from_this();
  }
  if (auto token = gate.enter(*this, refused_epoch_, batch)) {
    unpark();
    token_ = *std::move(token);
    return true;
  }
  // Who wanted it to end before it was on the list did not find it there.
  if (is_to_end()) end_if_parked();
  return false;
}

void Client::Call::on_token(const Result<Token>& token, detail::Batch& batch) noexcept {
  unpark();
  if (is_to_end()) return finish(std::unexpected(reason_to_end()), batch);
  if (token) return go(batch);  // which takes the newest there is
  Error error = token.error();
  error.progress = Progress::queued;  // how far the login came is not the request's concern
  finish(std::unexpected(in_context(std::move(error))), batch);
}

// Gives true when another step is to follow.
bool Client::Call::on_answer(Result<Response> answer, detail::Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    if (!answer && answer.error().code == ErrorCode::cancelled && end_asked_)
      answer.error().code = *end_asked_;
  }
  if (!answer) {
    finish(std::unexpected(in_context(std::move(answer.error()))), batch);
    return false;
  }
  answered_ = true;
  store_cookies(*answer);
  if (asks_for_credentials(*answer)) {
    sent_again_ = true;
    refused_epoch_ = token_->epoch;
    return true;
  }
  auto redirect = client::redirect_of(*answer, url_, request_.method, redirects_,
                                      {.max = core_->options().redirects_max,
                                       .to_http = core_->options().redirects_to_http,
                                       .body_once = request_.body_source.has_value()});
  if (redirect && *redirect) {
    follow(**std::move(redirect));
    return true;
  }
  if (!redirect) not_followed_ = std::move(redirect.error());
  finish(final_answer(*std::move(answer)), batch);
  return false;
}

// Whoever waits for the future sees it first, then who waits for the client's last call.
void Client::Call::finish(Result<ClientResponse> result, detail::Batch& batch) noexcept {
  std::shared_ptr<Core> core;
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    core = std::move(core_);
  }
  request_ = {};
  store_if_possible(std::move(result));
  batch.add(*this);
  core->remove(*this);
  release();
}

void Client::Call::cancel() noexcept { ask_to_end(ErrorCode::cancelled); }

void Client::Call::close() noexcept {
  ask_to_end(ErrorCode::closed);
  end_if_parked();
}

// A parked call ends on the alarm's thread: callbacks must not run within a cancel().
void Client::Call::ask_to_end(ErrorCode code) noexcept {
  bool parked = false;
  {
    const std::lock_guard lock(mutex_);
    if (finished_ || end_asked_) return;
    end_asked_ = code;
    step_.cancel();
    parked = parked_at_ != nullptr;
    if (!parked) return;
  }
  if (code != ErrorCode::cancelled) return;
  try {
    wake_at(client::Alarm::Time::min());
  } catch (...) {
    end_if_parked();
  }
}

void Client::Call::wake_at(client::Alarm::Time time) {
  std::shared_ptr<Core> core;
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    core = core_;
  }
  core->alarm().set(this, time,
                    [self = detail::Ref<Call>::share(*this)] { self->end_if_parked(); });
}

void Client::Call::end_if_parked() noexcept {
  std::shared_ptr<TokenGate> gate;
  {
    const std::lock_guard lock(mutex_);
    gate = parked_at_;
  }
  if (!gate || !gate->leave(*this)) return;
  unpark();
  detail::Batch batch;
  finish(std::unexpected(reason_to_end()), batch);
}

void Client::Call::unpark() noexcept {
  core_->alarm().drop(this);
  const std::lock_guard lock(mutex_);
  parked_at_.reset();
}

bool Client::Call::is_to_end() const noexcept {
  const std::lock_guard lock(mutex_);
  return end_asked_ || (deadline_ && *deadline_ <= detail::Clock::now());
}

Error Client::Call::reason_to_end() const {
  Error error{.code = ErrorCode::timed_out,
              .detail = "the deadline passed between two steps of the call"};
  const std::lock_guard lock(mutex_);
  if (end_asked_) error = {.code = *end_asked_, .detail = "the call ended between two steps"};
  if (end_asked_ == ErrorCode::closed) error.detail = "the client was destroyed";
  return in_context(std::move(error));
}

// Of the whole call, of which the step that failed may not be the first.
Error Client::Call::in_context(Error error) const {
  if (error.origin.empty()) error.origin = to_string(url_.origin);
  if (answered_) {
    error.progress = Progress::responding;
    error.safe_to_repeat = safe_to_repeat_;
  } else if (error.progress == Progress::queued) {
    error.safe_to_repeat = true;
  }
  return error;
}

}  // namespace headrace
