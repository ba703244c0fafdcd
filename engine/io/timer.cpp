#include "engine/io/timer.hpp"

#include <chrono>
#include <cstdint>

#include "engine/io/guarded.hpp"

namespace headrace::io {

void TimerClosed::operator()(Timer* timer) const noexcept {
  uv_close(reinterpret_cast<uv_handle_t*>(&timer->handle_),
           [](uv_handle_t* handle) { delete static_cast<Timer*>(handle->data); });
}

TimerPointer Timer::start(uv_loop_t* loop, Duration after, Events& events) {
  TimerPointer timer(new Timer(events));
  timer->handle_.data = timer.get();
  uv_timer_init(loop, &timer->handle_);
  const auto rang = [](uv_timer_t* handle) {
    guarded(handle->loop, [&] { static_cast<Timer*>(handle->data)->events_.on_timer(); });
  };
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(after).count();
  uv_update_time(loop);  // a long turn would count as a part of the wait
  uv_timer_start(&timer->handle_, rang, static_cast<std::uint64_t>(wait), 0);
  return timer;
}

}  // namespace headrace::io
