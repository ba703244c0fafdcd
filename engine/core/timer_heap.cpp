#include "engine/core/timer_heap.hpp"

namespace headrace::core {

void TimerHeap::push(Timer& timer) {
  heap_.push_back(&timer);
  timer.in_line = 0;
  sift_up(heap_.size() - 1);
}

void TimerHeap::remove(Timer& timer) noexcept {
  const std::size_t hole = timer.position;
  Timer* last = heap_.back();
  heap_.pop_back();
  timer.position = Timer::unset;
  if (last == &timer) return;
  put(hole, last);
  sift_up(hole);
  sift_down(last->position);
}

void TimerHeap::move(Timer& timer, Instant at) noexcept {
  const bool sooner = at < timer.at;
  timer.at = at;
  sooner ? sift_up(timer.position) : sift_down(timer.position);
}

void TimerHeap::put(std::size_t position, Timer* timer) noexcept {
  heap_.data()[position] = timer;
  timer->position = static_cast<std::uint32_t>(position) & Timer::unset;
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
