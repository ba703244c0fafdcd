#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "headrace/detail/driver.hpp"

namespace headrace::client {

// Calls back at a time, for calls that wait for something that has no clock: a token. A thread of
// its own, begun when it is first needed.
class Alarm {
 public:
  using Time = detail::Clock::time_point;
  // Holds what it needs itself; it is destroyed when it has run, or with the alarm.
  using Task = std::move_only_function<void()>;

  Alarm();
  // Waits for the task that runs; from within that task it does not.
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // Throws std::system_error when the machine refuses a thread. `key` is for drop().
  void set(const void* key, Time time, Task task);

  // Those of the key that have not begun.
  void drop(const void* key) noexcept;

  // Whether this is its thread.
  bool on_its_thread() const noexcept;

 private:
  struct Bell;
  std::shared_ptr<Bell> bell_;
};

}  // namespace headrace::client
