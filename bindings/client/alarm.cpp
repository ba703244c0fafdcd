#include "bindings/client/alarm.hpp"

#include <thread>
#include <utility>

#include "headrace/detail/signals_blocked.hpp"

namespace headrace::client {
// What the thread and the alarm share: the thread may be the one that destroys the alarm.
struct Alarm::Bell {
  struct Entry {
    const void* key;
    Task task;
  };

  void ring() {
    std::unique_lock lock(mutex);
    while (!ended) {
      if (entries.empty()) {
        changed.wait(lock);
      } else if (const Time first = entries.begin()->first; first > detail::Clock::now()) {
        changed.wait_until(lock, first);
      } else {
        auto due = entries.extract(entries.begin());
        lock.unlock();
        due.mapped().task();
        due = {};  // what it held goes without the lock, too
        lock.lock();
      }
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::multimap<Time, Entry> entries;
  bool ended = false;
  std::thread thread;
};

Alarm::Alarm() : bell_(std::make_shared<Bell>()) {}

Alarm::~Alarm() {
  decltype(Bell::entries) left;
  {
    const std::lock_guard lock(bell_->mutex);
    bell_->ended = true;
    left.swap(bell_->entries);
    bell_->changed.notify_one();
  }
  if (on_its_thread())
    bell_->thread.detach();
  else if (bell_->thread.joinable())
    bell_->thread.join();
}

void Alarm::set(const void* key, Time time, Task task) {
  const std::lock_guard lock(bell_->mutex);
  if (!bell_->thread.joinable()) {
    const detail::SignalsBlocked blocked;
    bell_->thread = std::thread([bell = bell_] { bell->ring(); });
  }
  bell_->entries.emplace(time, Bell::Entry{key, std::move(task)});
  bell_->changed.notify_one();
}

void Alarm::drop(const void* key) noexcept {
  decltype(Bell::entries) dropped;
  const std::lock_guard lock(bell_->mutex);
  for (auto it = bell_->entries.begin(); it != bell_->entries.end();) {
    const auto next = std::next(it);
    if (it->second.key == key) dropped.insert(bell_->entries.extract(it));
    it = next;
  }
}

bool Alarm::on_its_thread() const noexcept {
  const std::lock_guard lock(bell_->mutex);
  return bell_->thread.get_id() == std::this_thread::get_id();
}

}  // namespace headrace::client
