#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

#include "headrace/detail/driver.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/export.hpp"

namespace headrace::detail {

class Gate;

/// A watch on which a thread waits at a gate. There may be as many as there are calls under way.
class HEADRACE_API GateWatch final : public Watch {
 public:
  GateWatch() = default;
  explicit GateWatch(Gate& gate) noexcept : gate_(&gate) {}

  /// For one that is told, or never will be, null says so to its owner.
  void set(Gate* gate) noexcept { gate_ = gate; }
  Gate* gate() const noexcept { return gate_; }

  void on_ready(Batch& batch) noexcept override;

 private:
  Gate* gate_ = nullptr;
};

/// Where one thread waits for any of its watches.
///
/// A batch arrives with all its watches first and wakes afterwards; until then it pins the gate,
/// so that the waiter, who owns gate and watches, leaves only when no batch touches them any more.
/// What another batch brings meanwhile needs no pin: the waiter finds it when the first one wakes.
///
/// In a forked child nobody arrives at a gate from before any more, and its lock may be held for
/// ever: there it lets everybody pass with nothing.
class HEADRACE_API Gate {
 public:
  Gate() : changed_() {}
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// A watch whose future was ready before it could subscribe. By the waiting thread only.
  void push(GateWatch& watch) noexcept;

  /// The next watch in order of completion; waits for it, or till the deadline when there is one,
  /// and gives null then. With a driver the wait is that one's. Null also in a child that was
  /// forked meanwhile.
  GateWatch* next(const std::optional<Clock::time_point>& deadline = std::nullopt,
                  Driver* driver = nullptr);

  /// The same without waiting: null when no watch has arrived.
  GateWatch* try_next();

  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

  // For the driver.

  /// A watch has arrived: next() would not wait.
  bool arrived() const noexcept { return arrived_.load(std::memory_order_relaxed); }

  /// Waits till a watch has arrived, or a grant, or till the deadline.
  void sleep(const std::optional<Clock::time_point>& deadline);

  /// Ends the sleep of the thread that waits here, to which something is handed over.
  void grant() noexcept;

  /// By that thread: whether it was; once.
  bool take_grant() noexcept;

 private:
  friend class Batch;
  friend class GateWatch;
  void arrive(GateWatch& watch, Batch& batch) noexcept;
  void take_in(GateWatch& watch) noexcept;
  GateWatch* pop_unpinned(std::unique_lock<std::mutex>& lock);
  void wake() noexcept;

  std::mutex mutex_;
  union {
    std::condition_variable changed_;  // destroyed it would wait for waiters that a fork left out
  };
  WatchQueue ready_;
  std::atomic<bool> arrived_{false};  // there is one in it; changed with the lock
  bool pinned_ = false;               // a batch is going to wake()
  bool granted_ = false;
  Gate* next_waking_ = nullptr;  // of that batch, which alone looks at it
  const ForkMark mark_;
};

/// True on the loop's thread of any engine, where nothing may block.
HEADRACE_API bool on_loop_thread() noexcept;

}  // namespace headrace::detail
