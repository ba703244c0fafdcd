#pragma once

#include <chrono>
#include <optional>

#include "headrace/export.hpp"

namespace headrace::detail {

using Clock = std::chrono::steady_clock;

class Gate;

/// What brings futures nearer to their end while a thread waits for them: an engine's loop, which
/// the waiting thread may run itself.
class HEADRACE_API Driver {
 public:
  /// Blocks till a watch has arrived at the gate or the deadline has passed. In the child of a fork
  /// from within it returns as well.
  virtual void wait(Gate& gate, const std::optional<Clock::time_point>& deadline) = 0;

 protected:
  Driver() = default;
  Driver(const Driver&) = default;
  Driver& operator=(const Driver&) = default;
  ~Driver() = default;
};

/// The driver that serves all futures of a join, as far as it was told of them.
class CommonDriver {
 public:
  void add(Driver* driver) noexcept {
    if (count_++ == 0) driver_ = driver;
    if (driver_ != driver) driver_ = nullptr;
  }
  /// Null when there is none or more than one.
  Driver* get() const noexcept { return driver_; }

 private:
  Driver* driver_ = nullptr;
  unsigned count_ = 0;
};

}  // namespace headrace::detail
