#include "engine/api/loop_thread.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <string>

#include "headrace/detail/gate.hpp"
#include "headrace/engine.hpp"
#include "tests/support/catch.hpp"

using headrace::ErrorCode;

TEST_CASE("A loop's thread has a name, and no signal handler runs on it") {
  std::string name(16, '\0');
  bool marked = false;
  bool blocked = false;
  std::thread thread = headrace::api::start_loop_thread([&] {
    const headrace::api::LoopThread mark(&name);
    marked = headrace::detail::on_loop_thread() && headrace::api::LoopThread::owner() == &name;
    pthread_getname_np(pthread_self(), name.data(), name.size());
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    blocked = sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGCHLD) == 1;
  });
  thread.join();
  CHECK(name.starts_with(std::string("headrace") + '\0'));
  CHECK(marked);
  CHECK(blocked);
  CHECK_FALSE(headrace::detail::on_loop_thread());

  sigset_t own;
  pthread_sigmask(SIG_BLOCK, nullptr, &own);
  CHECK(sigismember(&own, SIGINT) == 0);
}

TEST_CASE("An engine that gets no descriptor says so") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const headrace::Result<headrace::Engine> engine = headrace::Engine::create();
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE_FALSE(engine);
  CHECK(engine.error().code == ErrorCode::internal);
  CHECK(engine.error().system_code != 0);
}
