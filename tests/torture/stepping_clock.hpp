#pragma once

#include <chrono>
#include <cstddef>

// A program that stepping_clock.cpp is linked into can have its wall clock put forward or back.
namespace headrace::test {

// While it lives the wall clock of this process is wrong by so much, from the nth time on that
// anybody asks for any time. Clocks that only go forward are as they are.
class SteppedClock {
 public:
  SteppedClock(std::size_t nth, std::chrono::seconds step);
  ~SteppedClock();
  SteppedClock(const SteppedClock&) = delete;
  SteppedClock& operator=(const SteppedClock&) = delete;

  // Whether so many times were asked for.
  bool reached() const noexcept;

  // How often the wall clock was.
  std::size_t wall_clock_readings() const noexcept;
};

}  // namespace headrace::test
