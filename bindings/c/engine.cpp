#include "bindings/c/engine.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

#include "bindings/c/options.hpp"

using headrace::c::ReadyQueue;

// What is left in a queue from before a fork is the parent's, and its memory with it.
hr_engine::~hr_engine() {
  ReadyQueue* const queue = queue_.load();
  if (!queue->made_before_fork()) queue->release();
}

// Without a lock, which a thread of the parent might have held.
hr_future::Queue hr_engine::queue() {
  ReadyQueue* queue = queue_.load();
  if (!queue->made_before_fork()) return hr_future::Queue::share(*queue);
  auto own = hr_future::Queue::adopt(new ReadyQueue);
  if (!queue_.compare_exchange_strong(queue, own.get())) return hr_future::Queue::share(*queue);
  return hr_future::Queue::share(*own.leak());
}

hr_engine* hr_engine_create(const hr_options* options, hr_error** error) {
  if (error != nullptr) *error = nullptr;
  headrace::Error refusal;
  try {
    auto read = headrace::c::options_of(options);
    auto made = read ? headrace::Engine::create(*std::move(read))
                     : std::unexpected(std::move(read).error());
    if (made) return new hr_engine(*std::move(made));
    refusal = std::move(made).error();
  } catch (...) {  // out of memory
    if (error != nullptr) *error = headrace::c::no_memory_error();
    return nullptr;
  }
  if (error != nullptr) *error = headrace::c::make_error(std::move(refusal));
  return nullptr;
}

void hr_engine_free(hr_engine* engine) { delete engine; }

void hr_engine_shut_down(hr_engine* engine, int64_t grace_ms) {
  using std::chrono::milliseconds;
  if (engine == nullptr) return;
  try {
    engine->engine.shut_down(grace_ms < 0 ? milliseconds::max() : milliseconds(grace_ms));
  } catch (...) {  // the machine refuses even that; what is left, hr_engine_free ends
  }
}

int hr_engine_ready_fd(hr_engine* engine) {
  try {
    if (engine != nullptr) return engine->queue()->descriptor();
    errno = EINVAL;
  } catch (...) {
    errno = ENOMEM;
  }
  return -1;
}

size_t hr_engine_take_ready(hr_engine* engine, hr_future** futures, size_t max) {
  if (engine == nullptr || futures == nullptr) return 0;
  try {
    return engine->queue()->take(futures, max);
  } catch (...) {  // a child without memory for a queue, in which nothing can be then
    return 0;
  }
}
