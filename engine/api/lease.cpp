#include "engine/api/lease.hpp"

#include <algorithm>
#include <chrono>

namespace headrace::api {
namespace {

using detail::Clock;
using detail::Gate;

// How long the engine's own thread dozes beside a parked loop. After two of them it takes it.
constexpr std::chrono::milliseconds doze{2};

// A thread's name for itself. A later thread that gets the address of an ended one passes for it,
// and its first mail is read a doze or two later.
const void* this_thread() noexcept {
  thread_local const char token = 0;
  return &token;
}

}  // namespace

// Those who only look whether it is ready by now would take the loop for nothing.
void Lease::wait(Gate& gate, const std::optional<Clock::time_point>& deadline) {
  if (deadline && *deadline <= Clock::now()) return;
  const LeaseRules::Wait how = enter(gate);
  if (how == LeaseRules::Wait::run) return run(gate, deadline);
  gate.sleep(deadline);
  if (leave(gate, how == LeaseRules::Wait::ask)) run(gate, deadline);
}

// Where several threads wait by turns each finds itself alone at times: the loop changes hands only
// for one that was alone several times in a row.
bool Lease::worth_asking() {
  constexpr unsigned enough = 8;
  lone_waits_ = rules_.waiters() > 0 ? 0 : std::min(lone_waits_ + 1, enough);
  return lone_waits_ == enough;
}

// The loop is woken under the lock, so that it has not ended.
LeaseRules::Wait Lease::enter(Gate& gate) {
  const std::lock_guard lock(mutex_);
  const LeaseRules::Wait how = rules_.on_wait(worth_asking());
  publish();
  if (how == LeaseRules::Wait::ask) {
    asking_ = &gate;
    lent_->wake();
  }
  return how;
}

// True when the loop was lent to this thread after all.
bool Lease::leave(Gate& gate, bool asked) {
  const std::lock_guard lock(mutex_);
  if (gate.take_grant()) return true;
  if (asked) asking_ = nullptr;
  rules_.on_wait_over(asked);
  publish();
  return false;
}

void Lease::run(Gate& gate, const std::optional<Clock::time_point>& deadline) {
  const bool needed = lent_->run_for(gate, deadline);
  if (mark_.made_before_fork()) return;
  bool rouse = false;
  {
    const std::lock_guard lock(mutex_);
    rouse = rules_.on_return(needed);
    publish();
    if (rules_.holder() == LeaseRules::Holder::parked)
      parked_by_.store(this_thread(), std::memory_order_relaxed);
  }
  if (rouse) roused_.notify_one();
}

void Lease::regain() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const LeaseRules::Look look = rules_.on_look();
    publish();
    if (look == LeaseRules::Look::take) return;
    if (look == LeaseRules::Look::doze)
      roused_.wait_for(lock, doze);
    else
      roused_.wait(lock);
  }
}

// Tells the gate under the lock: who asked leaves through leave(). Most turns nobody has; who asks
// from now on wakes the loop.
bool Lease::lend() {
  if (!asked()) return false;
  const std::lock_guard lock(mutex_);
  const bool lent = rules_.on_came_out();
  publish();
  if (lent) asking_->grant();
  return lent;
}

void Lease::end() {
  const std::lock_guard lock(mutex_);
  rules_.on_end();
  publish();
}

// Without the lock where this thread itself parked the loop: whoever has taken it since looks into
// the inbox after that, for which this thread holds the lock now. Either that look has been, and
// then it is known here that the loop was taken, or it is still to come.
bool Lease::attends_to_mail(bool now) {
  if (looks_next()) return true;
  const void* parked_by = parked_by_.load(std::memory_order_relaxed);
  if (parked_by == nullptr) return false;
  if (parked_by == this_thread() && !now) return true;
  {
    const std::lock_guard lock(mutex_);
    if (!rules_.on_mail()) return false;
    publish();
  }
  roused_.notify_one();
  return true;
}

void Lease::is_to_look(bool so) noexcept {
  looks_next_.store(so ? this_thread() : nullptr, std::memory_order_relaxed);
}

bool Lease::looks_next() const noexcept {
  return looks_next_.load(std::memory_order_relaxed) == this_thread();
}

// With the lock, after each change.
void Lease::publish() noexcept {
  asked_.store(rules_.holder() == LeaseRules::Holder::asked, std::memory_order_relaxed);
  const bool parked = rules_.holder() == LeaseRules::Holder::parked;
  if (!parked) parked_by_.store(nullptr, std::memory_order_relaxed);  // run() says by whom
}

}  // namespace headrace::api
