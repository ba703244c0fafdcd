#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace headrace {

/// Carries things from an engine's thread to one that waits. Unbounded: what is put in was asked
/// for by the one who waits, who asks for no more than it can hold.
template <class T>
class Mailbox {
 public:
  /// Puts one thing in. Never blocks for long, from any thread.
  void put(T thing) {
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      was_empty = things_.empty();
      things_.push_back(std::move(thing));
    }
    if (was_empty) arrived_.notify_one();
  }

  /// All that is there, waiting for the first. Empty only when `stop` was requested or the box was
  /// closed.
  std::vector<T> take_all(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, std::move(stop), [this] { return !things_.empty() || closed_; });
    return std::exchange(things_, {});
  }

  /// Nothing more will come.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::vector<T> things_;
  bool closed_ = false;
};

}  // namespace headrace
