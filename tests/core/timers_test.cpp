#include "engine/core/timers.hpp"

#include <algorithm>
#include <vector>

#include "engine/base/splitmix.hpp"
#include "tests/support/catch.hpp"

using headrace::Instant;
using headrace::core::Timer;
using headrace::core::TimerKind;
using headrace::core::Timers;

namespace {

Instant at(int milliseconds) { return Instant(std::chrono::milliseconds(milliseconds)); }

// Those of exchanges may stand in the line, the others never do.
std::vector<Timer> timers_of(std::initializer_list<TimerKind> kinds, std::uint32_t of_each) {
  std::vector<Timer> timers;
  for (const TimerKind kind : kinds)
    for (std::uint32_t owner = 0; owner < of_each; ++owner) timers.emplace_back(kind, owner);
  return timers;
}

}  // namespace

TEST_CASE("timers come out in the order of their moments, and not before them") {
  Timers timers;
  Timer late, early, middle;
  timers.set(late, at(30));
  timers.set(early, at(10));
  timers.set(middle, at(20));
  CHECK(timers.earliest() == at(10));
  CHECK(timers.pop_due(at(9)) == nullptr);
  CHECK(timers.pop_due(at(25)) == &early);
  CHECK(timers.pop_due(at(25)) == &middle);
  CHECK(timers.pop_due(at(25)) == nullptr);
  CHECK_FALSE(middle.is_set());
  CHECK(timers.earliest() == at(30));
}

TEST_CASE("a timer can be moved either way and cleared, and clearing twice does nothing") {
  Timers timers;
  Timer a, b;
  timers.set(a, at(10));
  timers.set(b, at(20));
  timers.set(a, at(30));
  CHECK(timers.earliest() == at(20));
  timers.set(a, at(5));
  CHECK(timers.earliest() == at(5));
  timers.clear(a);
  timers.clear(a);
  CHECK(timers.earliest() == at(20));
  timers.clear(b);
  CHECK_FALSE(timers.earliest().has_value());
}

TEST_CASE("line and heap agree with a sorted list under random use") {
  headrace::SplitMix random(7);
  Timers timers;
  std::vector<Timer> all = timers_of({TimerKind::exchange, TimerKind::connection}, 25);
  for (int step = 0; step < 40'000; ++step) {
    Timer& timer = all[random() % all.size()];
    if (random() % 3 == 0) {
      timers.clear(timer);
    } else {
      timers.set(timer, at(static_cast<int>(random() % 1000) + (random() % 2 == 0 ? step : 0)));
    }
    std::optional<Instant> earliest;
    for (const Timer& each : all)
      if (each.is_set() && (!earliest || each.at < *earliest)) earliest = each.at;
    REQUIRE(timers.earliest() == earliest);
    if (step % 1000 != 999) continue;
    for (Instant last = {}; timers.earliest(); last = *earliest) {
      earliest = timers.earliest();
      REQUIRE(*earliest >= last);
      REQUIRE(timers.pop_due(*earliest)->at == *earliest);
    }
    for (const Timer& each : all) REQUIRE_FALSE(each.is_set());
  }
}
