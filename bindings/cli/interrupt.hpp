#pragma once

#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

namespace headrace::cli {

/// Turns SIGINT and SIGTERM into a stop token. To be made before any other thread, since those
/// inherit that the signals are blocked. After the first signal the program has two seconds to end
/// in order, after a second signal none.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

  /// What to end with instead of `code`, when a signal came.
  int exit_code(int code) const noexcept;

 private:
  void watch();

  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread watcher_;
};

/// A descriptor that becomes readable when a stop is requested, for poll().
class StopDescriptor {
 public:
  explicit StopDescriptor(std::stop_token stop);
  ~StopDescriptor();
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;

  int number() const noexcept { return number_; }

 private:
  struct Signal {
    int number;
    void operator()() const noexcept;
  };

  int number_;
  std::optional<std::stop_callback<Signal>> callback_;  // ends before the descriptor does
};

}  // namespace headrace::cli
