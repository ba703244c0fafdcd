#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/timer.hpp"

namespace headrace::core {

// Moments in any order, the earliest first. Timers know their place, so that memory follows what is
// set, not what has been.
class TimerHeap {
 public:
  void push(Timer& timer);
  void remove(Timer& timer) noexcept;
  void move(Timer& timer, Instant at) noexcept;
  Timer* earliest() const noexcept { return heap_.empty() ? nullptr : heap_.front(); }

 private:
  void put(std::size_t position, Timer* timer) noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;

  std::vector<Timer*> heap_;
};

}  // namespace headrace::core
