#pragma once

#include <functional>
#include <thread>

namespace headrace::api {

// Starts the thread of a loop: named for debuggers, with every signal blocked so that handlers run
// on the program's own threads. Throws std::system_error.
std::thread start_loop_thread(std::move_only_function<void()> body);

// Marks the calling thread as a loop's for as long as it lives: what blocks elsewhere refuses here.
class LoopThread {
 public:
  explicit LoopThread(const void* owner) noexcept;
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // The owner given by the calling thread's mark; null on other threads, and in the child of a fork
  // from that thread, which is no loop's.
  static const void* owner() noexcept;
};

}  // namespace headrace::api
