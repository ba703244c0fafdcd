#pragma once

#include <optional>

#include "engine/core/timer_heap.hpp"
#include "engine/core/timer_line.hpp"

namespace headrace::core {

// All moments of one core, behind the shell's one timer. Most are deadlines of requests, which come
// in their order and are cleared before they are due: those stand in a line, the others in a heap.
class Timers {
 public:
  void set(Timer& timer, Instant at);
  void clear(Timer& timer) noexcept {
    if (!timer.is_set()) return;
    timer.in_line != 0 ? line_.remove(timer) : heap_.remove(timer);
  }
  std::optional<Instant> earliest() const noexcept;

  // Takes out the earliest timer that is due at `now`, or gives null.
  Timer* pop_due(Instant now) noexcept;

 private:
  Timer* first() const noexcept;

  TimerLine line_;
  TimerHeap heap_;
};

}  // namespace headrace::core
