#pragma once

#include <utility>
#include <vector>

#include "headrace/detail/promise.hpp"

namespace headrace::test {

// A future's producer, driven by hand.
template <class T>
class Promise : public detail::Promise<T> {
 public:
  void fail(ErrorCode code) { this->complete(std::unexpected(Error{.code = code})); }
};

template <class T>
std::vector<Future<T>> futures_of(std::vector<Promise<T>>& promises) {
  std::vector<Future<T>> futures;
  for (Promise<T>& promise : promises) futures.push_back(promise.future());
  return futures;
}

}  // namespace headrace::test
