#pragma once

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "headrace/detail/state.hpp"

namespace headrace::detail {

template <class R>
struct Unwrapped {
  using Type = R;
};
template <class R>
struct Unwrapped<Result<R>> {
  using Type = R;
};

/// The T of the Future<T> that `then` gives for a callback: Result<U> and U both become U.
template <class T, class F>
using ThenType = typename Unwrapped<std::invoke_result_t<F, Result<T>>>::Type;

/// Calls F and makes a Result of whatever it returns or throws.
template <class U, class F, class T>
Result<U> call_back(F& callback, Result<T>&& input) noexcept {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Result<T>>>) {
      std::invoke(std::move(callback), std::move(input));
      return {};
    } else {
      return std::invoke(std::move(callback), std::move(input));
    }
  } catch (...) {
    return std::unexpected(error_of_current_exception());
  }
}

/// The state of `source.then(callback)`, which watches its source. It begins with two references:
/// its future's, and the subscription's, which is dropped when the callback has run. The source
/// stays until the end because a cancel may pass through at any time.
template <class T, class U, class F>
class ThenState final : public State<U>, private Watch {
 public:
  ThenState(Ref<State<T>> source, F callback)
      : State<U>(2), source_(std::move(source)), callback_(std::move(callback)) {}

  void start() noexcept {
    if (source_->subscribe(*this)) return;
    Batch batch;
    run(batch);
    batch.deliver();
  }

  void cancel() noexcept override {
    if (!source_->ready()) source_->cancel();
  }

  Driver* driver() const noexcept override { return source_->driver(); }

 private:
  void on_ready(Batch& batch) noexcept override { batch.call_later(*this); }

  void run(Batch& batch) noexcept override {
    Result<U> result = source_->take_for(
        [this](Result<T>&& input) { return call_back<U>(*callback_, std::move(input)); });
    // What it captured is gone before anybody sees the result, if anybody is left to see one.
    callback_.reset();
    if (!this->unshared()) {
      this->store_if_possible(std::move(result));
      batch.add(*this);
    }
    this->release();
  }

  Ref<State<T>> source_;
  std::optional<F> callback_;
};

}  // namespace headrace::detail
