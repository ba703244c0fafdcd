#pragma once

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

#include "headrace/future.hpp"

namespace headrace {
namespace detail {

/// The state of when_all: counts down as its calls complete. It keeps them till its own end,
/// because a cancel may pass through at any time.
template <class T>
class AllState final : public State<std::vector<Result<T>>> {
 public:
  explicit AllState(std::vector<Future<T>> calls)
      : calls_(std::move(calls)), parts_(calls_.size()), left_(calls_.size() + 1) {
    results_.reserve(calls_.size());
    for (Part& part : parts_) part.whole = this;
  }

  /// Subscribes to all; the one more in `left_` keeps it from completing meanwhile.
  void start() noexcept {
    this->retain();
    for (std::size_t i = 0; i < calls_.size(); ++i)
      if (!calls_[i].valid() || !calls_[i].state()->subscribe(parts_[i])) left_.fetch_sub(1);
    Batch batch;
    on_part(batch);
    batch.deliver();
  }

  void cancel() noexcept override {
    for (const Future<T>& call : calls_) call.cancel();
  }

  Driver* driver() const noexcept override {
    CommonDriver common;
    for (const Future<T>& call : calls_)
      if (!call.ready() && call.valid()) common.add(call.state()->driver());
    return common.get();
  }

 private:
  struct Part final : Watch {
    AllState* whole = nullptr;
    void on_ready(Batch& batch) noexcept override { whole->on_part(batch); }
  };

  void on_part(Batch& batch) noexcept {
    if (left_.fetch_sub(1) != 1) return;
    for (const Future<T>& call : calls_) results_.push_back(result_of(call));
    this->store_if_possible(std::move(results_));
    batch.add(*this);
    this->release();
  }

  static Result<T> result_of(const Future<T>& call) noexcept {
    try {
      if (!call.valid()) return std::unexpected(no_future_error());
      return call.peel();
    } catch (...) {
      return std::unexpected(error_of_current_exception());
    }
  }

  std::vector<Future<T>> calls_;
  std::vector<Part> parts_;
  std::vector<Result<T>> results_;
  std::atomic<std::size_t> left_;
};

}  // namespace detail

/// Ready when all calls are, with their results in the calls' order: a failed one is an Error in
/// its place and changes no other. Cancelling or dropping it cancels all that are unfinished.
template <class T>
Future<std::vector<Result<T>>> when_all(std::vector<Future<T>> calls) {
  auto* state = new detail::AllState<T>(std::move(calls));
  Future<std::vector<Result<T>>> all(
      detail::Ref<detail::State<std::vector<Result<T>>>>::adopt(state));
  state->start();
  return all;
}

}  // namespace headrace
