#include "engine/core/timer_heap.hpp"

#include <utility>

namespace headrace::core {

void TimerHeap::set(Timer& timer, Instant at) {
  if (!timer.is_set()) {
    heap_.push_back(&timer);
    timer.at = at;
    return sift_up(heap_.size() - 1);
  }
  const bool sooner = at < timer.at;
  timer.at = at;
  sooner ? sift_up(timer.position) : sift_down(timer.position);
}

void TimerHeap::clear(Timer& timer) noexcept {
  if (!timer.is_set()) return;
  const std::size_t hole = timer.position;
  Timer* last = heap_.back();
  heap_.pop_back();
  timer.position = Timer::unset;
  if (last == &timer) return;
  put(hole, last);
  sift_up(hole);
  sift_down(last->position);
}

std::optional<Instant> TimerHeap::earliest() const noexcept {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->at;
}

Timer* TimerHeap::pop_due(Instant now) noexcept {
  if (heap_.empty() || heap_.front()->at > now) return nullptr;
  Timer* due = heap_.front();
  clear(*due);
  return due;
}

void TimerHeap::put(std::size_t position, Timer* timer) noexcept {
  heap_.data()[position] = timer;
  timer->position = static_cast<std::uint32_t>(position);
}

void TimerHeap::sift_up(std::size_t position) noexcept {
  Timer* const* heap = heap_.data();
  Timer* moving = heap[position];
  while (position > 0) {
    const std::size_t parent = (position - 1) / 2;
    if (heap[parent]->at <= moving->at) break;
    put(position, heap[parent]);
    position = parent;
  }
  put(position, moving);
}

void TimerHeap::sift_down(std::size_t position) noexcept {
  Timer* const* heap = heap_.data();
  Timer* moving = heap[position];
  const std::size_t size = heap_.size();
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= size) break;
    if (child + 1 < size && heap[child + 1]->at < heap[child]->at) ++child;
    if (moving->at <= heap[child]->at) break;
    put(position, heap[child]);
    position = child;
  }
  put(position, moving);
}

}  // namespace headrace::core
