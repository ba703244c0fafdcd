#include "engine/core/timer_line.hpp"

#include <algorithm>

namespace headrace::core {

void TimerLine::push(Timer& timer) {
  if (line_.size() == line_.capacity() && 2 * count_ <= line_.size()) close_up();
  line_.push_back(&timer);
  timer.in_line = 1;
  timer.position = static_cast<std::uint32_t>(line_.size() - 1) & Timer::unset;
  ++count_;
}

void TimerLine::remove(Timer& timer) noexcept {
  line_[timer.position] = nullptr;
  timer.position = Timer::unset;
  if (--count_ == 0) {
    line_.clear();
    first_ = 0;
    return;
  }
  while (line_[first_] == nullptr) ++first_;
  while (line_.back() == nullptr) line_.pop_back();
}

// As many steps as there are places, after removals of half as many.
void TimerLine::close_up() noexcept {
  std::erase(line_, nullptr);
  for (std::size_t i = 0; i < line_.size(); ++i)
    line_[i]->position = static_cast<std::uint32_t>(i) & Timer::unset;
  first_ = 0;
}

}  // namespace headrace::core
