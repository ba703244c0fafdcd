#pragma once

#include <utility>

#include "headrace/headrace.hpp"

namespace headrace::python {

// A future's producer, for what Python gives in its own time. That somebody gave the future up
// changes nothing here: what is given is then nobody's.
template <class T>
class Promise {
 public:
  Promise() : state_(detail::Ref<Shared>::adopt(new Shared)) {}

  Future<T> future() {
    state_->retain();
    return Future<T>(detail::Ref<detail::State<T>>::adopt(state_.get()));
  }

  // Once. Callbacks of the future run here, so that no lock may be held.
  void complete(Result<T> result) {
    detail::Batch batch;
    state_->store(detail::stored<T>(std::move(result)));
    batch.add(*state_);
  }

 private:
  struct Shared final : detail::State<T> {
    void cancel() noexcept override {}
  };

  detail::Ref<Shared> state_;
};

}  // namespace headrace::python
