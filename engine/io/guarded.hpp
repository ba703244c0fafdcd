#pragma once

#include <uv.h>

#include <exception>

namespace headrace::io {

// What the `data` of a loop points at, if anything: what its handles tell whoever runs it.
struct LoopNotes {
  bool running = false;            // in uv_run
  unsigned waiting_for_room = 0;   // sockets
  std::exception_ptr thrown = {};  // by a callback
};

inline LoopNotes* notes_of(const uv_loop_t* loop) noexcept {
  return static_cast<LoopNotes*>(loop->data);
}

// libuv keeps a stop that it was told of outside of uv_run, and its next turn would not even poll.
inline void stop_running(uv_loop_t* loop) noexcept {
  if (notes_of(loop)->running) uv_stop(loop);
}

// The body of a callback. libuv is C, and nothing may be thrown through it: what is thrown here
// stops the loop, and is for whoever runs that to throw on. It may have left anything half done, so
// no other callback does anything after it.
template <class Work>
void guarded(uv_loop_t* loop, Work work) {
  LoopNotes* const notes = notes_of(loop);
  if (notes == nullptr) return work();
  if (notes->thrown) return;
  try {
    work();
  } catch (...) {
    notes->thrown = std::current_exception();
    uv_stop(loop);
  }
}

}  // namespace headrace::io
