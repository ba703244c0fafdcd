#pragma once

#include <chrono>

namespace headrace {

// The engine's time line. It has no now(): below the purity line time is an argument of every
// input. The origin is arbitrary and time never goes backwards (the shell reads a monotonic clock,
// the simulator counts its own).
struct Timeline {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Timeline>;
  static constexpr bool is_steady = true;
};

using Duration = Timeline::duration;
using Instant = Timeline::time_point;

}  // namespace headrace
