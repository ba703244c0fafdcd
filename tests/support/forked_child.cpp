#include "tests/support/forked_child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/support/descriptor.hpp"
#include "tests/support/patience.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// Else ThreadSanitizer ends a child that starts threads, for fear of its own locks.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif
#endif

// LeakSanitizer asks this at the end of a process. In a child it can't look at the stacks of the
// parent's other threads, and takes what only they hold for lost.
namespace {
bool in_child = false;
}
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() { return in_child ? 1 : 0; }

namespace headrace::test {

ForkedChild::ForkedChild(const std::function<int()>& body) : pid_(checked(fork(), "fork")) {
  if (pid_ != 0) return;
  in_child = true;
  limit_life_of_child();
  int status = 100;
  try {
    status = body();
  } catch (...) {  // the status tells
  }
  _exit(status);
}

int ForkedChild::wait() {
  if (pid_ != 0) status_ = exit_status_of(pid_);
  pid_ = 0;
  return status_;
}

void limit_life_of_child() {
  std::signal(SIGALRM, SIG_DFL);
  alarm(static_cast<unsigned>(std::chrono::seconds(patience).count()));
}

int exit_status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw_system_error("waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int first_false(std::initializer_list<bool> checks) {
  int number = 0;
  for (const bool check : checks) {
    ++number;
    if (!check) return number;
  }
  return 0;
}

}  // namespace headrace::test
