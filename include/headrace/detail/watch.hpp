#pragma once

#include "headrace/export.hpp"

namespace headrace::detail {

class Batch;
class Gate;
class SharedState;

/// Whoever wants to hear once that a future is ready: a waiting thread, a callback, a coroutine, a
/// join of many. It must live until it was told or withdrawn.
class HEADRACE_API Watch {
 public:
  Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// The future is ready. User code must not run here: a watch with a callback enlists itself with
  /// Batch::call_later.
  virtual void on_ready(Batch& batch) noexcept = 0;

  /// The callback's turn, when it enlisted itself. May destroy the watch.
  virtual void run(Batch&) noexcept {}

 protected:
  virtual ~Watch() = default;

 private:
  friend class WatchQueue;
  Watch* next_ = nullptr;
};

/// First in, first out, linked through the watches: a watch is in at most one queue.
class WatchQueue {
 public:
  bool empty() const noexcept { return first_ == nullptr; }

  void push(Watch& watch) noexcept {
    watch.next_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_) = &watch;
    last_ = &watch;
  }

  Watch* pop() noexcept {
    Watch* watch = first_;
    if (watch != nullptr) first_ = watch->next_;
    return watch;
  }

 private:
  Watch* first_ = nullptr;
  Watch* last_ = nullptr;
};

/// What callbacks of one batch want done once, after the last of them: to write to a descriptor,
/// say. It must live until then.
class HEADRACE_API AfterBatch {
 public:
  virtual void after_batch() noexcept = 0;

 protected:
  virtual ~AfterBatch() = default;

 private:
  friend class Batch;
  AfterBatch* next_ = nullptr;
};

/// Futures that complete together, on the thread that completes them.
///
///     store results ...; batch.add(state) ...; batch.deliver();
///
/// Every result is visible before anybody is told. Then each waiting thread is woken once, however
/// many of the batch's futures it waits for, then the callbacks run one by one in the order of
/// completion; the waiters on a callback's own future are woken before the next callback runs. May
/// be used again.
/// Allocates nothing. When a callback forks, the child's copy of the batch ends with it.
class HEADRACE_API Batch {
 public:
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() { deliver(); }

  /// Publishes a state whose result is stored. The caller may let go of the state afterwards.
  void add(SharedState& state) noexcept;

  void deliver() noexcept;

  /// The first half of it: tells everybody, and leaves the callbacks to a deliver() later. More may
  /// be added in between. True when there are callbacks.
  bool announce() noexcept;

  /// How many times a waiting thread was woken.
  unsigned wakes() const noexcept { return wakes_; }

  void call_later(Watch& watch) noexcept { callbacks_.push(watch); }

  /// In a callback: that of the batch which this thread is delivering. Not twice for the same
  /// thing. False elsewhere.
  static bool call_after(AfterBatch& afterwards) noexcept;

 private:
  friend class Gate;
  void tell_watches() noexcept;
  void wake_waiters() noexcept;
  void run_callbacks() noexcept;
  void end_in_child() noexcept;

  WatchQueue ready_;
  WatchQueue callbacks_;
  Gate* waking_ = nullptr;  // the gates that it has pinned
  AfterBatch* afterwards_ = nullptr;
  unsigned wakes_ = 0;
};

}  // namespace headrace::detail
