#pragma once

#include <atomic>
#include <utility>

#include "headrace/detail/state.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/future.hpp"

namespace headrace::detail {

/// A future's producer that is no engine: whoever has the result gives it, from any thread. As with
/// the engine a cancel only asks.
template <class T>
class Promise {
 public:
  Promise() : state_(Ref<Shared>::adopt(new Shared)) {}

  /// Once.
  Future<T> future() {
    state_->retain();
    return Future<T>(Ref<State<T>>::adopt(state_.get()));
  }

  /// Once. Callbacks of the future run here, so that the caller may hold no lock; or when the batch
  /// is delivered.
  void complete(Result<T> result) {
    Batch batch;
    complete(std::move(result), batch);
  }
  void complete(Result<T> result, Batch& batch) {
    state_->store_if_possible(std::move(result));
    batch.add(*state_);
  }

  /// How often the future's owner has asked for an early end.
  int cancels() const noexcept { return state_->cancels; }

 private:
  struct Shared final : State<T> {
    void cancel() noexcept override { ++cancels; }
    std::atomic<int> cancels{0};
  };

  Ref<Shared> state_;
};

}  // namespace headrace::detail
