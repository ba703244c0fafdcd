#pragma once

#include <uv.h>

#include <memory>

#include "engine/base/instant.hpp"

namespace headrace::io {

class Timer;

// Letting go of a timer stops it; its memory goes in libuv's close callback.
struct TimerClosed {
  void operator()(Timer* timer) const noexcept;
};
using TimerPointer = std::unique_ptr<Timer, TimerClosed>;

// Rings once. It may be let go of while it rings.
class Timer {
 public:
  class Events {
   public:
    virtual void on_timer() = 0;

   protected:
    ~Events() = default;
  };

  static TimerPointer start(uv_loop_t* loop, Duration after, Events& events);

 private:
  friend struct TimerClosed;
  explicit Timer(Events& events) : events_(events) {}

  uv_timer_t handle_ = {};
  Events& events_;
};

}  // namespace headrace::io
