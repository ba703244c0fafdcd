#include "engine/api/loop_thread.hpp"

#include <pthread.h>

#include <utility>

#include "headrace/detail/fork.hpp"
#include "headrace/detail/gate.hpp"
#include "headrace/detail/signals_blocked.hpp"

namespace headrace {
namespace api {
namespace {

struct Mark {
  const void* owner = nullptr;
  detail::ForkMark fork;
};

thread_local Mark own_mark;

void set_name([[maybe_unused]] const char* name) {
#if defined(__linux__)
  pthread_setname_np(pthread_self(), name);
#endif
}

}  // namespace

std::thread start_loop_thread(std::move_only_function<void()> body) {
  const detail::SignalsBlocked blocked;
  return std::thread([body = std::move(body)]() mutable {
    set_name("headrace");
    body();
  });
}

LoopThread::LoopThread(const void* owner) noexcept { own_mark = {.owner = owner, .fork = {}}; }
LoopThread::~LoopThread() { own_mark.owner = nullptr; }
const void* LoopThread::owner() noexcept {
  return own_mark.fork.made_before_fork() ? nullptr : own_mark.owner;
}

}  // namespace api

bool detail::on_loop_thread() noexcept { return api::LoopThread::owner() != nullptr; }

}  // namespace headrace
