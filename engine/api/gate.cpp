#include "headrace/detail/gate.hpp"

#include <memory>
#include <utility>

namespace headrace::detail {

static_assert(sizeof(GateWatch) <= 3 * sizeof(void*), "as_completed has one for each call");

void GateWatch::on_ready(Batch& batch) noexcept { gate_->arrive(*this, batch); }

void Gate::arrive(GateWatch& watch, Batch& batch) noexcept {
  const std::lock_guard lock(mutex_);
  take_in(watch);
  if (pinned_) return;  // the waiter is going to be woken, by this batch or another
  pinned_ = true;
  next_waking_ = batch.waking_;
  batch.waking_ = this;
}

Gate::~Gate() {
  if (!mark_.made_before_fork()) std::destroy_at(&changed_);
}

// Notifies under the lock: the waiter destroys the gate as soon as it gets it.
void Gate::wake() noexcept {
  const std::lock_guard lock(mutex_);
  pinned_ = false;
  changed_.notify_one();
}

void Gate::push(GateWatch& watch) noexcept {
  const std::lock_guard lock(mutex_);
  take_in(watch);
}

void Gate::take_in(GateWatch& watch) noexcept {
  ready_.push(watch);
  arrived_.store(true, std::memory_order_relaxed);
}

GateWatch* Gate::next(const std::optional<Clock::time_point>& deadline, Driver* driver) {
  if (driver != nullptr && !mark_.made_before_fork() && !arrived()) driver->wait(*this, deadline);
  if (mark_.made_before_fork()) return nullptr;
  std::unique_lock lock(mutex_);
  const auto arrived = [this] { return !ready_.empty(); };
  if (!deadline)
    changed_.wait(lock, arrived);
  else if (!changed_.wait_until(lock, *deadline, arrived))
    return nullptr;
  return pop_unpinned(lock);
}

GateWatch* Gate::try_next() {
  if (mark_.made_before_fork()) return nullptr;
  std::unique_lock lock(mutex_);
  return ready_.empty() ? nullptr : pop_unpinned(lock);
}

void Gate::sleep(const std::optional<Clock::time_point>& deadline) {
  std::unique_lock lock(mutex_);
  const auto over = [this] { return !ready_.empty() || granted_; };
  if (deadline)
    changed_.wait_until(lock, *deadline, over);
  else
    changed_.wait(lock, over);
}

void Gate::grant() noexcept {
  const std::lock_guard lock(mutex_);
  granted_ = true;
  changed_.notify_one();
}

bool Gate::take_grant() noexcept {
  const std::lock_guard lock(mutex_);
  return std::exchange(granted_, false);
}

GateWatch* Gate::pop_unpinned(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !pinned_; });
  auto* watch = static_cast<GateWatch*>(ready_.pop());
  arrived_.store(!ready_.empty(), std::memory_order_relaxed);
  return watch;
}

}  // namespace headrace::detail
