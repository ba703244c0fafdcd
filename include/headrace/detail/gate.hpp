#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

#include "headrace/detail/fork.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/export.hpp"

namespace headrace::detail {

using Clock = std::chrono::steady_clock;

class Gate;

/// A watch on which a thread waits at a gate. `number` says which of the thread's futures it is.
class HEADRACE_API GateWatch final : public Watch {
 public:
  GateWatch() = default;
  explicit GateWatch(Gate& gate) noexcept { set(gate, 0); }
  void set(Gate& gate, std::size_t number) noexcept {
    gate_ = &gate;
    number_ = number;
  }
  std::size_t number() const noexcept { return number_; }
  void on_ready(Batch& batch) noexcept override;

 private:
  friend class Batch;
  friend class Gate;
  Gate* gate_ = nullptr;
  std::size_t number_ = 0;
  GateWatch* next_waking_ = nullptr;
};

/// Where one thread waits for any of its watches.
///
/// A batch arrives with all its watches first and wakes afterwards; until then it pins the gate,
/// so that the waiter, who owns gate and watches, leaves only when no batch touches them any more.
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
  /// and gives null then.
  GateWatch* next(const std::optional<Clock::time_point>& deadline = std::nullopt);

  /// The same without waiting: null when no watch has arrived.
  GateWatch* try_next();

  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

 private:
  friend class Batch;
  friend class GateWatch;
  void arrive(GateWatch& watch, Batch& batch) noexcept;
  GateWatch* pop_unpinned(std::unique_lock<std::mutex>& lock);
  void wake(const Batch& batch) noexcept;

  std::mutex mutex_;
  union {
    std::condition_variable changed_;  // destroyed it would wait for waiters that a fork left out
  };
  WatchQueue ready_;
  const Batch* arriving_ = nullptr;  // the batch that pinned last
  unsigned pins_ = 0;
  const ForkMark mark_;
};

/// True on the loop's thread of any engine, where nothing may block.
HEADRACE_API bool on_loop_thread() noexcept;

}  // namespace headrace::detail
