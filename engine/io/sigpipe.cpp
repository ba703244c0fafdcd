#include "engine/io/sigpipe.hpp"

#include <pthread.h>

#include <ctime>

namespace headrace::io {
namespace {

bool sigpipe_pending() noexcept {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

sigset_t only_sigpipe() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

}  // namespace

// Where it was not blocked none can have been pending: it would have been delivered.
SigpipeBlocked::SigpipeBlocked() noexcept {
  const sigset_t set = only_sigpipe();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
  was_pending_ = sigismember(&before_, SIGPIPE) == 1 && sigpipe_pending();
}

SigpipeBlocked::~SigpipeBlocked() {
#if !defined(__APPLE__)  // it has no sigtimedwait, and there libuv sets SO_NOSIGPIPE
  if (!was_pending_) {
    const sigset_t set = only_sigpipe();
    const timespec at_once{};
    sigtimedwait(&set, nullptr, &at_once);
  }
#endif
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace headrace::io
