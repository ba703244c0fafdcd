#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <utility>

namespace headrace::cli {

/// How much may be under way at a time, in requests and in the bytes that they and their answers
/// hold. Whoever adds work waits for room; whoever finishes some makes it.
class Allowance {
 public:
  Allowance(std::size_t count_max, std::size_t bytes_max)
      : count_max_(count_max), bytes_max_(bytes_max) {}

  /// Waits for room, then takes it; false when a stop was requested. One request always finds room
  /// in an empty allowance, whatever its size.
  bool enter(std::size_t bytes, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, std::move(stop), [&] { return take(bytes); });
  }

  /// The same without waiting: false when there is no room.
  bool try_enter(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    return take(bytes);
  }

  /// What is under way has become larger.
  void grow(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ += bytes;
  }

  void leave(std::size_t count, std::size_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      count_ -= count;
      bytes_ -= bytes;
    }
    changed_.notify_all();
  }

  /// Waits until nothing is under way; false when a stop was requested.
  bool wait_empty(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, std::move(stop), [&] { return count_ == 0; });
  }

 private:
  bool take(std::size_t bytes) {
    if (count_ >= count_max_ || bytes_ >= bytes_max_) return false;
    ++count_;
    bytes_ += bytes;
    return true;
  }

  const std::size_t count_max_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace headrace::cli
