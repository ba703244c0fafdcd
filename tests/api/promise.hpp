#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include "headrace/detail/state.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/future.hpp"

namespace headrace::test {

// A future's producer, driven by hand. As with the engine a cancel only asks.
template <class T>
class Promise {
 public:
  Promise() : state_(detail::Ref<Shared>::adopt(new Shared)) {}

  Future<T> future() {
    state_->retain();
    return Future<T>(detail::Ref<detail::State<T>>::adopt(state_.get()));
  }

  void complete(Result<T> result, detail::Batch& batch) {
    state_->store(std::move(result));
    batch.add(*state_);
  }

  void complete(Result<T> result) {
    detail::Batch batch;
    complete(std::move(result), batch);
  }

  void fail(ErrorCode code) { complete(std::unexpected(Error{.code = code})); }

  int cancels() const { return state_->cancels; }

 private:
  struct Shared final : detail::State<T> {
    void cancel() noexcept override { ++cancels; }
    std::atomic<int> cancels{0};
  };

  detail::Ref<Shared> state_;
};

template <class T>
std::vector<Future<T>> futures_of(std::vector<Promise<T>>& promises) {
  std::vector<Future<T>> futures;
  for (Promise<T>& promise : promises) futures.push_back(promise.future());
  return futures;
}

}  // namespace headrace::test
