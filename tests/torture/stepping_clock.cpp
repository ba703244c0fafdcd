#include "tests/torture/stepping_clock.hpp"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

// The program's own definitions stand before the C library's, for its libraries too.

namespace headrace::test {
namespace {

std::atomic<bool> armed{false};
std::atomic<std::size_t> readings{0};
std::atomic<std::size_t> wall_readings{0};
std::atomic<std::size_t> stepping{0};
std::atomic<std::time_t> seconds{0};

bool is_wall_clock(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

// By the kernel, since a sanitizer's runtime asks before the C library can be.
int read_clock(clockid_t clock, timespec* now) {
  const bool wall = is_wall_clock(clock);
  const long result = ::syscall(SYS_clock_gettime, clock, now);
  if (result != 0 || !armed) return static_cast<int>(result);
  if (wall) ++wall_readings;
  if (++readings >= stepping && wall) now->tv_sec += seconds;
  return 0;
}

}  // namespace

SteppedClock::SteppedClock(std::size_t nth, std::chrono::seconds step) {
  readings = 0;
  wall_readings = 0;
  stepping = nth;
  seconds = static_cast<std::time_t>(step.count());
  armed = true;
}

SteppedClock::~SteppedClock() { armed = false; }

bool SteppedClock::reached() const noexcept { return readings >= stepping; }

std::size_t SteppedClock::wall_clock_readings() const noexcept { return wall_readings; }

}  // namespace headrace::test

using headrace::test::read_clock;

#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept { return read_clock(clock, now); }

int gettimeofday(timeval* __restrict now, void* __restrict) noexcept {
  timespec read{};
  if (read_clock(CLOCK_REALTIME, &read) != 0) return -1;
  *now = {.tv_sec = read.tv_sec, .tv_usec = read.tv_nsec / 1000};
  return 0;
}

std::time_t time(std::time_t* into) noexcept {
  timespec read{};
  read_clock(CLOCK_REALTIME, &read);
  if (into != nullptr) *into = read.tv_sec;
  return read.tv_sec;
}

}  // extern "C"
#pragma GCC visibility pop
