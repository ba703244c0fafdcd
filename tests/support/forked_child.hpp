#pragma once

#include <sys/types.h>

#include <functional>

namespace headrace::test {

// A fork of this process, which runs the body and ends with its result as exit status: 0, or which
// of its checks failed. It ends without destructors and Catch2's report, which are the parent's. An
// exception gives 100, and a hang ends by SIGALRM.
class ForkedChild {
 public:
  explicit ForkedChild(const std::function<int()>& body);
  ~ForkedChild() { wait(); }
  ForkedChild(const ForkedChild&) = delete;
  ForkedChild& operator=(const ForkedChild&) = delete;

  int wait();  // its exit status, or 128 + the signal that ended it

 private:
  pid_t pid_;
  int status_ = 0;
};

// For the child of a fork that something else made: the limit of its life.
void limit_life_of_child();

// The exit status of a child of ours, which it waits for.
int exit_status_of(pid_t child);

// For the body: gives the number of the first false one, counted from 1, or 0.
int first_false(std::initializer_list<bool> checks);

}  // namespace headrace::test
