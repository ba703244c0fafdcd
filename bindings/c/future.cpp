#include "bindings/c/future.hpp"

#include <chrono>
#include <new>
#include <utility>

#include "headrace/detail/gate.hpp"

hr_future::Outcome::Outcome(headrace::Result<headrace::Response> came) : result(std::move(came)) {
  if (result)
    response.emplace(*result);
  else
    error.emplace(std::move(result).error());
}

void hr_future::start(headrace::Future<headrace::Response> future,
                      std::shared_ptr<headrace::BodyPieces> body) noexcept {
  future_ = std::move(future);
  body_ = std::move(body);
  if (queue_) announce_when_ready();
}

void hr_future::announce_when_ready() noexcept {
  const Queue queue = Queue::share(*queue_);  // this may be gone when it has been pushed
  if (!future_.state()->subscribe(*this) && !queue->made_before_fork()) queue->push(*this);
}

void hr_future::on_ready(headrace::detail::Batch&) noexcept {
  const Queue queue = Queue::share(*queue_);
  queue->push(*this);
}

// The loop that runs here meanwhile may find no memory: the future is as it was then.
hr_wait_result hr_future::wait(std::int64_t timeout_ms) noexcept {
  if (ready()) return HR_WAIT_READY;
  if (headrace::detail::on_loop_thread() || waited_for_.exchange(true)) return HR_WAIT_REFUSED;
  const bool withdrawn = queue_ && future_.state()->withdraw(*this);
  hr_wait_result result = HR_WAIT_REFUSED;
  try {
    result = wait_alone(timeout_ms) ? HR_WAIT_READY : HR_WAIT_TIMED_OUT;
  } catch (...) {
  }
  waited_for_ = false;
  if (withdrawn) announce_when_ready();
  return result;
}

bool hr_future::wait_alone(std::int64_t timeout_ms) const {
  if (timeout_ms < 0) return future_.wait_for(std::chrono::hours::max());
  return future_.wait_for(std::chrono::milliseconds(timeout_ms));
}

void hr_future::settle() noexcept {
  if (outcome_ || no_memory_ || !ready()) return;
  try {
    outcome_ = std::make_unique<Outcome>(future_.peel());
  } catch (const std::bad_alloc&) {
    no_memory_ = true;
  }
}

const hr_response* hr_future::response() noexcept {
  settle();
  return outcome_ && outcome_->response ? &*outcome_->response : nullptr;
}

const hr_error* hr_future::error() noexcept {
  settle();
  if (no_memory_) return headrace::c::no_memory_error();
  return outcome_ && outcome_->error ? &outcome_->error->view() : nullptr;
}

// In a forked child what the parent was telling just then is left where it is.
void hr_future::end(bool cancelling) noexcept {
  const bool told = queue_ && !future_.state()->withdraw(*this);
  if (told && queue_->made_before_fork()) return;
  if (cancelling) future_.cancel();
  const Queue queue = queue_ ? Queue::share(*queue_) : Queue();
  if (told && !queue->leave(*this)) return;
  if (!cancelling) future_.detach();
  delete this;
}

hr_wait_result hr_future_wait(hr_future* future, int64_t timeout_ms) {
  return future == nullptr ? HR_WAIT_REFUSED : future->wait(timeout_ms);
}

bool hr_future_ready(const hr_future* future) { return future != nullptr && future->ready(); }

void hr_future_cancel(hr_future* future) {
  if (future != nullptr) future->cancel();
}

const hr_response* hr_future_response(hr_future* future) {
  return future == nullptr ? nullptr : future->response();
}

const hr_error* hr_future_error(hr_future* future) {
  return future == nullptr ? nullptr : future->error();
}

void* hr_future_user_data(const hr_future* future) {
  return future == nullptr ? nullptr : future->user_data;
}

void hr_future_free(hr_future* future) {
  if (future != nullptr) future->end(true);
}

void hr_future_detach(hr_future* future) {
  if (future != nullptr) future->end(false);
}
