#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "headrace/detail/driver.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/detail/gate.hpp"
#include "headrace/detail/left_over.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/error.hpp"
#include "headrace/export.hpp"

namespace headrace::detail {

/// What a future and its producer share, apart from the result's type.
///
/// One atomic word is its whole life and only ever moves along these arrows:
///
///     pending <--> watched ---> completed
///        '--------------------------^
///
/// - pending: no result, nobody to tell.
/// - watched: no result, the word is the Watch to tell.
/// - completed: the result is stored and never touched by the producer again.
/// - Only the future's owner moves between pending and watched; only the producer, once, moves to
///   completed. Whoever was the watch at that moment is told exactly once; a watch that withdraws
///   too late waits to be told.
/// - In a forked child no producer is left for what was not completed. Such a state is as good as
///   completed with `forked`: nothing of it is looked at any more but the word.
class HEADRACE_API SharedState {
 public:
  SharedState(const SharedState&) = delete;
  SharedState& operator=(const SharedState&) = delete;

  bool ready() const noexcept { return completed() || mark_.made_before_fork(); }

  /// False when the state is completed already: the watch will not be told.
  bool subscribe(Watch& watch) noexcept;

  /// False when the state completed first: the watch is being told, or was.
  bool withdraw(Watch& watch) noexcept;

  /// Waits till ready, or till the deadline; at once false instead of blocking a loop's thread.
  bool wait(const std::optional<Clock::time_point>& deadline = std::nullopt);

  /// Asks the producer to finish early. Any thread, any number of times, also when completed.
  virtual void cancel() noexcept = 0;

  /// What a thread that waits for it may run to bring it nearer; null when there is nothing, or
  /// not one thing alone. Lives as long as the state, and serves it till it is completed.
  virtual Driver* driver() const noexcept { return nullptr; }

  /// What its result is in a forked child.
  virtual Error forked_error() const;

  /// In the memory of those before, where possible: each request makes and leaves one or two.
  static void* operator new(std::size_t bytes);
  static void operator delete(void* state, std::size_t bytes) noexcept;
  static void* operator new(std::size_t bytes, std::align_val_t alignment);
  static void operator delete(void* state, std::size_t bytes, std::align_val_t alignment) noexcept;

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (unshared() || references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 protected:
  explicit SharedState(std::uint32_t references = 1) noexcept : references_(references) {}
  virtual ~SharedState() = default;

  /// The caller's reference is the only one, so nobody can get another.
  bool unshared() const noexcept { return references_.load(std::memory_order_acquire) == 1; }

  bool completed() const noexcept { return word_.load(std::memory_order_acquire) == this; }

 private:
  friend class Batch;
  // Null while pending, the Watch while watched, the state itself once completed.
  std::atomic<void*> word_{nullptr};
  std::atomic<std::uint32_t> references_;
  const ForkMark mark_;
};

/// Where a result waits to be taken: in the state when it is small, else on the heap, as most
/// futures have none yet.
template <class T>
using Stored = std::conditional_t<(sizeof(Result<T>) > 128), std::unique_ptr<Result<T>>,
                                  std::optional<Result<T>>>;

template <class T>
Stored<T> stored(Result<T> result) {
  if constexpr (std::is_same_v<Stored<T>, std::unique_ptr<Result<T>>>)
    return std::make_unique<Result<T>>(std::move(result));
  else
    return result;
}

/// Errors of using a future wrongly.
HEADRACE_API Error no_future_error();
HEADRACE_API Error would_deadlock_error();

/// The outcome where there was no memory for the true one. Needs none itself.
HEADRACE_API Error no_memory_error() noexcept;

/// What became of the exception being handled, in a callback.
HEADRACE_API Error error_of_current_exception() noexcept;

/// A state with its result.
template <class T>
class State : public SharedState {
 public:
  using SharedState::SharedState;

  /// By the producer, once, before Batch::add. A state that was given nothing has
  /// no_memory_error().
  void store(Stored<T> result) { result_ = std::move(result); }
  void store(std::unexpected<Error> error) { store(stored<T>(std::move(error))); }

  /// The same for those who must not throw.
  void store_if_possible(Result<T>&& result) noexcept {
    try {
      if constexpr (std::is_same_v<Stored<T>, std::unique_ptr<Result<T>>>)
        result_ = std::make_unique<Result<T>>(std::move(result));
      else
        result_.emplace(std::move(result));
    } catch (...) {  // nothing is stored, which says it
    }
  }

  /// By the future's owner, once, when ready.
  Result<T> take() {
    if (!this->completed()) return std::unexpected(this->forked_error());
    if (!result_) return std::unexpected(no_memory_error());
    return std::move(*result_);
  }

  /// The same for who only looks at it, or moves it on: `use` is given the result where it lies,
  /// and it is gone when that returns.
  template <class Use>
  auto take_for(Use use) {
    if (!this->completed() || !result_) return use(take());  // why there is none
    struct Taken {
      Stored<T> result;
      ~Taken() { left_over(result); }
    } taken{std::move(result_)};
    return use(std::move(*taken.result));
  }

 private:
  Stored<T> result_;
};

/// Holds one reference of a state.
template <class S>
class Ref {
 public:
  Ref() = default;
  static Ref adopt(S* state) noexcept { return Ref(state); }
  static Ref share(S& state) noexcept {
    state.retain();
    return Ref(&state);
  }
  Ref(Ref&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    Ref old(std::exchange(state_, std::exchange(other.state_, nullptr)));
    return *this;
  }
  ~Ref() {
    if (state_ != nullptr) state_->release();
  }

  S* get() const noexcept { return state_; }
  S* operator->() const noexcept { return state_; }
  S& operator*() const noexcept { return *state_; }
  explicit operator bool() const noexcept { return state_ != nullptr; }

  /// Hands the reference to the caller.
  S* leak() noexcept { return std::exchange(state_, nullptr); }

 private:
  explicit Ref(S* state) noexcept : state_(state) {}
  S* state_ = nullptr;
};

}  // namespace headrace::detail
