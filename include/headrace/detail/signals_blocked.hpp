#pragma once

#include <csignal>

namespace headrace::detail {

/** Blocks all signals on this thread while it lives. A thread begun meanwhile inherits that, so
 * there is no moment in which a handler of the program's could run on it. */
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
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

}  // namespace headrace::detail
