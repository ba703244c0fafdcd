#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/timer.hpp"

namespace headrace::core {

// Moments that come in their order, as the deadlines of requests with one timeout do: the next goes
// to the end, and whichever is removed leaves its place empty till the line closes up.
class TimerLine {
 public:
  bool takes(Instant at) const noexcept { return line_.empty() || at >= line_.back()->at; }
  void push(Timer& timer);
  void remove(Timer& timer) noexcept;
  Timer* earliest() const noexcept { return line_.empty() ? nullptr : line_[first_]; }

 private:
  void close_up() noexcept;

  std::vector<Timer*> line_;  // from `first_` on; neither it nor the last one is empty
  std::size_t first_ = 0;
  std::size_t count_ = 0;  // that are set
};

}  // namespace headrace::core
