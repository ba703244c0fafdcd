#include "engine/core/timers.hpp"

#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;
using namespace headrace::test;

TEST_CASE("S36: a long timeout among many short ones keeps no memory of those") {
  Timers timers;
  Timer longest(TimerKind::exchange, 0);
  std::vector<Timer> others(20, Timer(TimerKind::exchange, 1));
  const auto at = [](int seconds) { return Instant(std::chrono::seconds(seconds)); };
  const std::uint64_t before = bytes_held();
  timers.set(longest, at(0));
  for (int second = 1; second < 100'000; ++second)
    timers.set(others[static_cast<std::size_t>(second) % others.size()], at(second));
  CHECK(bytes_held() < before + 1024);
  CHECK(timers.earliest() == at(0));
  timers.clear(longest);
  CHECK(timers.earliest() == at(100'000 - 20));
  for (int second = 100'000; second < 101'000; ++second) {
    timers.set(others[static_cast<std::size_t>(second) % others.size()], at(second));
    CHECK(timers.earliest() == at(second - 19));
  }
}
