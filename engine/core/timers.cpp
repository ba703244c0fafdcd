#include "engine/core/timers.hpp"

namespace headrace::core {

void Timers::set(Timer& timer, Instant at) {
  if (timer.is_set() && timer.in_line == 0) return heap_.move(timer, at);
  clear(timer);
  timer.at = at;
  if (timer.kind == TimerKind::exchange && line_.takes(at))
    line_.push(timer);
  else
    heap_.push(timer);
}

std::optional<Instant> Timers::earliest() const noexcept {
  const Timer* timer = first();
  if (timer == nullptr) return std::nullopt;
  return timer->at;
}

Timer* Timers::pop_due(Instant now) noexcept {
  Timer* due = first();
  if (due == nullptr || due->at > now) return nullptr;
  clear(*due);
  return due;
}

Timer* Timers::first() const noexcept {
  Timer* in_line = line_.earliest();
  Timer* in_heap = heap_.earliest();
  if (in_line == nullptr || in_heap == nullptr) return in_line != nullptr ? in_line : in_heap;
  return in_line->at <= in_heap->at ? in_line : in_heap;
}

}  // namespace headrace::core
