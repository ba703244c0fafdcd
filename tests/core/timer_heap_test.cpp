#include "engine/core/timer_heap.hpp"

#include <algorithm>
#include <vector>

#include "engine/base/splitmix.hpp"
#include "tests/support/catch.hpp"

using headrace::Instant;
using headrace::core::Timer;
using headrace::core::TimerHeap;

namespace {

Instant at(int milliseconds) { return Instant(std::chrono::milliseconds(milliseconds)); }

}  // namespace

TEST_CASE("timers come out in the order of their moments, and not before them") {
  TimerHeap heap;
  Timer late, early, middle;
  heap.set(late, at(30));
  heap.set(early, at(10));
  heap.set(middle, at(20));
  CHECK(heap.earliest() == at(10));
  CHECK(heap.pop_due(at(9)) == nullptr);
  CHECK(heap.pop_due(at(25)) == &early);
  CHECK(heap.pop_due(at(25)) == &middle);
  CHECK(heap.pop_due(at(25)) == nullptr);
  CHECK_FALSE(middle.is_set());
  CHECK(heap.earliest() == at(30));
}

TEST_CASE("a timer can be moved either way and cleared, and clearing twice does nothing") {
  TimerHeap heap;
  Timer a, b;
  heap.set(a, at(10));
  heap.set(b, at(20));
  heap.set(a, at(30));
  CHECK(heap.earliest() == at(20));
  heap.set(a, at(5));
  CHECK(heap.earliest() == at(5));
  heap.clear(a);
  heap.clear(a);
  CHECK(heap.earliest() == at(20));
  heap.clear(b);
  CHECK_FALSE(heap.earliest().has_value());
}

TEST_CASE("the heap agrees with a sorted list under random use") {
  headrace::SplitMix random(7);
  TimerHeap heap;
  std::vector<Timer> timers(50);
  for (int step = 0; step < 20'000; ++step) {
    Timer& timer = timers[random() % timers.size()];
    if (random() % 3 == 0) {
      heap.clear(timer);
    } else {
      heap.set(timer, at(static_cast<int>(random() % 1000)));
    }
    std::optional<Instant> earliest;
    for (const Timer& each : timers)
      if (each.is_set() && (!earliest || each.at < *earliest)) earliest = each.at;
    REQUIRE(heap.earliest() == earliest);
  }
}
