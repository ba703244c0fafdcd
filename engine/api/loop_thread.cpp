#include "engine/api/loop_thread.hpp"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "headrace/detail/fork.hpp"
#include "headrace/detail/gate.hpp"

namespace headrace {
namespace api {
namespace {

struct Mark {
  const void* owner = nullptr;
  detail::ForkMark fork;
};

thread_local Mark mark;

// A new thread inherits the mask, so there is no moment in which it could be interrupted.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

void set_name([[maybe_unused]] const char* name) {
#if defined(__linux__)
  pthread_setname_np(pthread_self(), name);
#endif
}

}  // namespace

std::thread start_loop_thread(std::move_only_function<void()> body) {
  const SignalsBlocked blocked;
  return std::thread([body = std::move(body)]() mutable {
    set_name("headrace");
    body();
  });
}

LoopThread::LoopThread(const void* owner) noexcept { mark = {.owner = owner, .fork = {}}; }
LoopThread::~LoopThread() { mark.owner = nullptr; }
const void* LoopThread::owner() noexcept {
  return mark.fork.made_before_fork() ? nullptr : mark.owner;
}

}  // namespace api

bool detail::on_loop_thread() noexcept { return api::LoopThread::owner() != nullptr; }

}  // namespace headrace
