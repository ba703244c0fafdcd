#pragma once

#include <chrono>
#include <coroutine>
#include <type_traits>
#include <utility>

#include "headrace/detail/state.hpp"
#include "headrace/detail/then.hpp"
#include "headrace/error.hpp"

namespace headrace {

/// The outcome, present or to come, of one call.
///
/// A future is always in one of three states:
///
/// - *invalid*: default constructed, moved from, or consumed. `valid()` and `ready()` are false.
///   Consuming it again gives the Error `invalid_argument`.
/// - *unready*: the call goes on. Nobody needs to wait for it to go on.
/// - *ready*: the result is here and stays until it is consumed.
///
/// These always hold:
///
/// - An unready future becomes ready exactly once; nothing makes a ready one unready.
/// - One future's failure never changes another's.
/// - `wait`, `get`, `then`, `co_await`, `detach` consume: the future is invalid afterwards.
///   `wait_for`, `wait_until`, `cancel` do not.
/// - Dropping an unready future cancels the call. `detach` lets it run on.
/// - A future does not need its engine: when that is destroyed, every future of it is ready.
///
/// Threads: a future is one thread's at a time, as a unique_ptr is. But while one thread is in
/// `wait_for` or `wait_until`, others may call `ready` and `cancel`.
///
/// The engine's loop runs on a thread of its own, or on one that waits: while a thread is blocked
/// here it does the loop's work itself, which saves waking it up. Whichever it is, is *the loop's
/// thread* for that time: callbacks and coroutines that become due run there, those of other
/// threads' calls too, before the wait returns. So a thread that waits should hold no lock that a
/// callback takes.
///
/// Results come in batches from the loop. First all results of a batch are stored, then each
/// waiting thread is woken once, then callbacks and coroutines run in the order of completion.
template <class T>
class [[nodiscard(
    "dropping an unready future cancels its call: keep it, wait, or detach()")]] Future {
 public:
  using Value = T;

  Future() = default;
  Future(Future&&) noexcept = default;
  Future& operator=(Future&& other) noexcept {
    Future old(std::move(*this));
    state_ = std::move(other.state_);
    return *this;
  }
  ~Future() { cancel(); }

  bool valid() const noexcept { return static_cast<bool>(state_); }
  bool ready() const noexcept { return valid() && state_->ready(); }

  /// Blocks until the future is ready and moves its result out. On the loop's thread of an engine
  /// (within a callback or coroutine) waiting for an unready future would never end: there this is
  /// the Error `invalid_argument` at once, and the future stays as it was.
  Result<T> wait() {
    if (!valid()) return std::unexpected(detail::no_future_error());
    if (!state_->wait()) return std::unexpected(detail::would_deadlock_error());
    return take();
  }

  /// wait(), throwing Exception for an Error.
  T get() {
    Result<T> result = wait();
    if (!result) throw Exception(std::move(result).error());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }

  /// True when ready before `limit` has passed; the future is usable either way. It returns up to
  /// a millisecond late, and after callbacks that are under way. On a loop's thread it does not
  /// block; an invalid future is never ready.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& limit) const {
    constexpr std::chrono::hours forever{24 * 365 * 100};
    if (!valid()) return false;
    if (limit >= forever) return state_->wait();
    return state_->wait(detail::Clock::now() + std::chrono::ceil<detail::Clock::duration>(limit));
  }

  template <class AnyClock, class Duration>
  bool wait_until(const std::chrono::time_point<AnyClock, Duration>& deadline) const {
    return wait_for(deadline - AnyClock::now());
  }

  /// Calls `callback(Result<T>)` once: at once on this thread when the future is ready, otherwise
  /// on the loop's thread, where it must not block. It may return a U, a Result<U> or nothing; the
  /// Future<U> given becomes ready with that. An exception it throws becomes an Error: that of a
  /// headrace::Exception, else `internal` with its text. The callback runs also when the call
  /// fails or is cancelled, and cancelling or dropping the future given cancels the call.
  template <class F>
  Future<detail::ThenType<T, std::decay_t<F>>> then(F&& callback) {
    using U = detail::ThenType<T, std::decay_t<F>>;
    if (!valid()) *this = Future(Result<T>(std::unexpected(detail::no_future_error())));
    using Then = detail::ThenState<T, U, std::decay_t<F>>;
    auto* state = new Then(std::move(state_), std::forward<F>(callback));
    Future<U> future(detail::Ref<detail::State<U>>::adopt(state));
    state->start();
    return future;
  }

  class Awaiter;

  /// `Result<T> result = co_await std::move(future);` goes on at once when the future is ready,
  /// otherwise on the loop's thread, where the coroutine must not block. A coroutine that waits
  /// here may be destroyed, which cancels the call, as long as the loop's thread is not just about
  /// to resume it.
  Awaiter operator co_await() && noexcept { return Awaiter(std::move(*this)); }

  /// Asks the call to end. The future still becomes ready: with `cancelled`, or with the answer
  /// when that was first. Changes nothing when ready or invalid.
  void cancel() const noexcept {
    if (valid() && !state_->ready()) state_->cancel();
  }

  /// Lets the call run to its end with nobody looking.
  void detach() noexcept { state_ = {}; }

  /// For the library's own use.
  explicit Future(detail::Ref<detail::State<T>> state) noexcept : state_(std::move(state)) {}
  explicit Future(Result<T> result) : state_(ready_state(std::move(result))) {}
  detail::SharedState* state() const noexcept { return state_.get(); }
  Result<T> take() { return std::exchange(state_, {})->take(); }
  Result<T> peel() const { return state_->take(); }  ///< take, but stay valid for cancel

 private:
  static detail::Ref<detail::State<T>> ready_state(Result<T> result);

  detail::Ref<detail::State<T>> state_;
};

/// What co_await works with.
template <class T>
class Future<T>::Awaiter final : private detail::Watch {
 public:
  explicit Awaiter(Future future) noexcept : future_(std::move(future)) {}
  ~Awaiter() override {
    if (suspended_ && future_.valid()) future_.state()->withdraw(*this);
  }

  bool await_ready() const noexcept { return !future_.valid() || future_.ready(); }

  // Once subscribed the coroutine may run on another thread and this be gone.
  bool await_suspend(std::coroutine_handle<> coroutine) noexcept {
    coroutine_ = coroutine;
    suspended_ = true;
    return future_.state()->subscribe(*this);
  }

  Result<T> await_resume() {
    if (!future_.valid()) return std::unexpected(detail::no_future_error());
    return future_.take();
  }

 private:
  void on_ready(detail::Batch& batch) noexcept override { batch.call_later(*this); }

  // What the coroutine's promise lets escape has nowhere to go on the loop's thread.
  void run(detail::Batch&) noexcept override {
    try {
      coroutine_.resume();
    } catch (...) {
    }
  }

  Future future_;
  std::coroutine_handle<> coroutine_;
  bool suspended_ = false;
};

namespace detail {

template <class T>
class ReadyState final : public State<T> {
 public:
  explicit ReadyState(Result<T> result) {
    this->store(stored<T>(std::move(result)));
    Batch().add(*this);
  }
  void cancel() noexcept override {}
};

}  // namespace detail

template <class T>
detail::Ref<detail::State<T>> Future<T>::ready_state(Result<T> result) {
  return detail::Ref<detail::State<T>>::adopt(new detail::ReadyState<T>(std::move(result)));
}

}  // namespace headrace
