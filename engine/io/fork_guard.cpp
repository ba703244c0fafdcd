#include "engine/io/fork_guard.hpp"

#include <pthread.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "headrace/detail/fork.hpp"

namespace headrace {

std::atomic<std::uint32_t> detail::fork_count{0};

namespace io {
namespace {

struct Registry {
  std::mutex mutex;
  std::vector<int> descriptors;
};

// Never destroyed: engines may outlive everything static.
Registry& registry() {
  static auto* const made = new Registry;
  return *made;
}

void before_fork() { registry().mutex.lock(); }
void after_fork_in_parent() { registry().mutex.unlock(); }

// Here only the forking thread is left, and between it and whatever the others were doing stands
// nothing but this: no allocation, no lock but ours. close() takes the descriptor from this process
// alone; the parent's epoll set goes by the open file and keeps it.
void after_fork_in_child() {
  detail::fork_count.fetch_add(1, std::memory_order_relaxed);
  for (const int descriptor : registry().descriptors) close(descriptor);
  registry().descriptors.clear();
  registry().mutex.unlock();
}

// The fork count of when libuv's threads were made, and 1; 0 before.
std::atomic<std::uint32_t> threads_made{0};

void replace_missing_threads() {
  const std::uint32_t made = threads_made.load();
  if (made == 0 || made == detail::fork_count.load() + 1) return;
  uv_loop_t loop;
  uv_work_t work;
  if (uv_loop_init(&loop) != 0) return;
  uv_queue_work(&loop, &work, [](uv_work_t*) {}, nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
}

bool listen_for_forks() {
  if (std::atexit(replace_missing_threads) != 0)
    throw std::system_error(ENOMEM, std::generic_category(), "atexit");
  const int code = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  if (code != 0) throw std::system_error(code, std::generic_category(), "pthread_atfork");
  return true;
}

}  // namespace

void expect_libuv_threads() noexcept {
  threads_made.store(detail::fork_count.load(std::memory_order_relaxed) + 1);
}

ForkGuard::ForkGuard() {
  [[maybe_unused]] static const bool listening = listen_for_forks();
  lock_ = std::unique_lock(registry().mutex);
}

void ForkGuard::add(int descriptor) { registry().descriptors.push_back(descriptor); }

void ForkGuard::remove(int descriptor) noexcept { std::erase(registry().descriptors, descriptor); }

}  // namespace io
}  // namespace headrace
