#include "bindings/client/alarm.hpp"

#include <pthread.h>

#include <csignal>
#include <future>

#include "tests/support/catch.hpp"

using headrace::client::Alarm;

TEST_CASE("No signal handler of the program's runs on the alarm's thread") {
  std::promise<sigset_t> seen;
  Alarm alarm;
  alarm.set(nullptr, {}, [&] {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    seen.set_value(mask);
  });
  const sigset_t mask = seen.get_future().get();
  CHECK(sigismember(&mask, SIGINT) == 1);
  CHECK(sigismember(&mask, SIGCHLD) == 1);

  sigset_t own;
  pthread_sigmask(SIG_BLOCK, nullptr, &own);
  CHECK(sigismember(&own, SIGINT) == 0);
}
