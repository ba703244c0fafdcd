#include "headrace/detail/fork.hpp"
#include "headrace/detail/gate.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/detail/watch.hpp"

namespace headrace::detail {
namespace {

// The outermost where a callback's own batch is delivered within.
thread_local Batch* delivering = nullptr;

}  // namespace

void Batch::add(SharedState& state) noexcept {
  void* watch = state.word_.exchange(&state, std::memory_order_acq_rel);
  if (watch != nullptr) ready_.push(*static_cast<Watch*>(watch));
}

bool Batch::announce() noexcept {
  tell_watches();
  wake_waiters();
  return !callbacks_.empty();
}

bool Batch::call_after(AfterBatch& afterwards) noexcept {
  if (delivering == nullptr) return false;
  afterwards.next_ = std::exchange(delivering->afterwards_, &afterwards);
  return true;
}

void Batch::deliver() noexcept {
  announce();
  if (callbacks_.empty()) return;
  Batch* const outer = delivering;
  if (outer == nullptr) delivering = this;
  run_callbacks();
  delivering = outer;
  while (afterwards_ != nullptr) {
    AfterBatch& next = *afterwards_;
    afterwards_ = next.next_;
    next.after_batch();  // it may be gone from here on
  }
}

// A callback may make further futures ready. Their waiters are woken before the next callback, so
// that none of them is still pinned by this batch while user code runs.
void Batch::run_callbacks() noexcept {
  const ForkMark mark;
  for (;;) {
    announce();
    Watch* callback = callbacks_.pop();
    if (callback == nullptr) return;
    callback->run(*this);
    if (mark.made_before_fork()) return end_in_child();
  }
}

// The callback that has just run forked, and this is the child: the rest is the parent's.
void Batch::end_in_child() noexcept {
  ready_ = {};
  callbacks_ = {};
  waking_ = nullptr;
  afterwards_ = nullptr;
}

void Batch::tell_watches() noexcept {
  while (Watch* watch = ready_.pop()) watch->on_ready(*this);
}

void Batch::wake_waiters() noexcept {
  while (waking_ != nullptr) {
    Gate* gate = waking_;
    waking_ = gate->next_waking_;
    gate->wake();  // it may be gone from here on
    ++wakes_;
  }
}

}  // namespace headrace::detail
