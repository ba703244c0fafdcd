#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "headrace/future.hpp"

namespace headrace {

/// The results of many calls in the order in which they complete, as an input range of
/// (index of the call, result). One thread's at a time. Dropping it cancels what is unfinished.
template <class T>
class [[nodiscard]] AsCompleted {
 public:
  using Item = std::pair<std::size_t, Result<T>>;
  class Iterator;

  explicit AsCompleted(std::vector<Future<T>> calls)
      : calls_(std::make_unique<Calls>(std::move(calls))) {}

  /// The next result, waiting for it; nothing once all were given. On a loop's thread, where
  /// waiting would never end, what is unready is cancelled and given as `invalid_argument`.
  std::optional<Item> next() {
    if (!calls_ || calls_->left == 0) return std::nullopt;
    return calls_->next();
  }

  std::size_t left() const noexcept { return calls_ ? calls_->left : 0; }

  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  struct Calls;
  std::unique_ptr<Calls> calls_;  // watches must not move
  std::optional<Item> current_;   // where the iterator stands
};

template <class T>
struct AsCompleted<T>::Calls {
  explicit Calls(std::vector<Future<T>> given)
      : futures(std::move(given)), watches(futures.size()), left(futures.size()) {
    for (std::size_t i = 0; i < futures.size(); ++i) {
      watches[i].set(&gate);
      if (futures[i].valid() && futures[i].state()->subscribe(watches[i])) {
        common.add(futures[i].state()->driver());
        if (!keeper) keeper = detail::Ref<detail::SharedState>::share(*futures[i].state());
      } else {
        gate.push(watches[i]);
      }
    }
  }

  ~Calls() {
    for (std::size_t i = 0; i < futures.size(); ++i)
      if (give_up(i)) --left;
    for (; left > 0; --left) gate.next();  // they are being told just now, or were
  }

  Item next() {
    if (gate.made_before_fork()) return next_in_child();
    detail::GateWatch* watch = detail::on_loop_thread() ? gate.try_next() : wait();
    if (gate.made_before_fork()) return next_in_child();
    for (std::size_t i = 0; watch == nullptr && i < futures.size(); ++i)
      if (give_up(i)) return item(i, std::unexpected(detail::would_deadlock_error()));
    if (watch == nullptr) watch = gate.next();
    return take(static_cast<std::size_t>(watch - watches.data()));
  }

  detail::GateWatch* wait() { return gate.next(std::nullopt, common.get()); }

  // What is left comes in the calls' order: who was told of what nobody knows here.
  Item next_in_child() {
    std::size_t index = 0;
    while (handed_out(index)) ++index;
    return take(index);
  }

  Item take(std::size_t index) {
    if (!futures[index].valid()) return item(index, std::unexpected(detail::no_future_error()));
    return item(index, futures[index].take());
  }

  Item item(std::size_t index, Result<T> result) {
    watches[index].set(nullptr);
    --left;
    return {index, std::move(result)};
  }

  bool handed_out(std::size_t index) const { return watches[index].gate() == nullptr; }

  // True when the call was unfinished: it is cancelled and its watch will not arrive.
  bool give_up(std::size_t index) {
    if (!futures[index].valid() || !futures[index].state()->withdraw(watches[index])) return false;
    futures[index] = {};
    return true;
  }

  std::vector<Future<T>> futures;  // invalid once given to the caller
  std::vector<detail::GateWatch> watches;
  detail::Gate gate;
  detail::CommonDriver common;
  detail::Ref<detail::SharedState> keeper;  // of the driver, when the futures are gone
  std::size_t left;
};

template <class T>
class AsCompleted<T>::Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Item;
  using iterator_concept = std::input_iterator_tag;

  Iterator() = default;
  explicit Iterator(AsCompleted& range) : range_(&range) { ++*this; }

  Item& operator*() const noexcept { return *range_->current_; }
  Iterator& operator++() {
    range_->current_ = range_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept {
    return at.at_end();
  }

 private:
  bool at_end() const noexcept { return !range_->current_; }

  AsCompleted* range_ = nullptr;
};

/// Waits for many at once: `for (auto& [index, result] : as_completed(std::move(calls)))`.
template <class T>
AsCompleted<T> as_completed(std::vector<Future<T>> calls) {
  return AsCompleted<T>(std::move(calls));
}

}  // namespace headrace
