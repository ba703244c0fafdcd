#include "call.hpp"

#include <utility>

namespace headrace::python {

// What Python drops goes on, as concurrent.futures have it.
Call::~Call() {
  if (future_.valid()) future_.detach();
}

bool Call::ready() const {
  const std::lock_guard lock(mutex_);
  return outcome_.has_value() || future_.ready();
}

void Call::cancel() {
  std::unique_lock lock(mutex_);
  cancelled_ = true;
  cancel_held(lock);
}

// Unlocked meanwhile: some calls are complete at once when they are cancelled, and `complete` takes
// the lock. The state may be cancelled by anybody, the future only by its holder.
void Call::cancel_held(std::unique_lock<std::mutex>& lock) {
  detail::SharedState* const held = future_.valid() ? future_.state() : told_.state();
  if (held == nullptr || held->ready()) return;
  const auto state = detail::Ref<detail::SharedState>::share(*held);
  lock.unlock();
  state->cancel();
  lock.lock();
}

// The futures are waited for without the lock: nobody but their holder moves them, and others may
// cancel meanwhile.
bool Call::wait(const Deadline& deadline) {
  std::unique_lock lock(mutex_);
  const auto free = [this] { return !held_ || outcome_; };
  if (!deadline)
    changed_.wait(lock, free);
  else if (!changed_.wait_until(lock, *deadline, free))
    return false;
  if (outcome_) return true;
  held_ = true;
  lock.unlock();
  const auto wait_for = [&](const auto& future) {
    return deadline ? future.wait_until(*deadline) : future.wait_for(std::chrono::hours::max());
  };
  const bool consumed = told_.valid();
  const bool ready = consumed ? wait_for(told_) : wait_for(future_);
  lock.lock();
  held_ = false;
  if (ready && !consumed) {
    Result<Response> outcome = future_.wait();
    lock.unlock();
    complete(std::move(outcome));
    return true;
  }
  if (!ready && !consumed && !subscribers_.empty()) hand_to_loop(lock);
  changed_.notify_all();
  return outcome_.has_value();
}

void Call::subscribe(std::unique_ptr<Subscriber> subscriber) {
  std::unique_lock lock(mutex_);
  if (!outcome_) {
    subscribers_.push_back(std::move(subscriber));
    if (!held_ && future_.valid()) hand_to_loop(lock);
    return;
  }
  lock.unlock();
  subscriber->on_complete(shared_from_this());
}

// Unlocked meanwhile, since the callback runs at once if the answer is there. It holds the call, so
// that this outlives what Python has of it, and lets go of it when it has run.
void Call::hand_to_loop(std::unique_lock<std::mutex>& lock) {
  held_ = true;
  Future<Response> future = std::move(future_);
  lock.unlock();
  Future<void> told = future.then([call = shared_from_this()](Result<Response> outcome) mutable {
    std::exchange(call, nullptr)->complete(std::move(outcome));
  });
  lock.lock();
  told_ = std::move(told);
  held_ = false;
  if (cancelled_) cancel_held(lock);
}

void Call::complete(Result<Response> outcome) {
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  {
    const std::lock_guard lock(mutex_);
    if (outcome)
      outcome_.emplace(std::make_shared<Response>(*std::move(outcome)));
    else
      outcome_.emplace(std::unexpect, std::move(outcome).error());
    subscribers.swap(subscribers_);
    changed_.notify_all();
  }
  for (const auto& subscriber : subscribers) subscriber->on_complete(shared_from_this());
}

}  // namespace headrace::python
