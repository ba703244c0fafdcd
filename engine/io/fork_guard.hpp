#pragma once

#include <mutex>

namespace headrace::io {

// What a fork must not find half done: the process's list of the descriptors that belong to loops.
// A forked child closes them first of all, so that it neither keeps the parent's connections open
// nor can touch them (S43).
//
// A fork waits while anybody holds the guard, so it is held for as long as it takes to make and
// list a descriptor, or to take it off the list and close it.
class ForkGuard {
 public:
  ForkGuard();  // the first one in a process begins to listen for forks

  void add(int descriptor);
  void remove(int descriptor) noexcept;

 private:
  std::unique_lock<std::mutex> lock_;
};

// From now on libuv has threads, for the questions to the resolver. At its end a process waits for
// them inside libuv, also a forked child in which they are missing: there libuv crashes
// (issue 4443). So it gets new ones before.
void expect_libuv_threads() noexcept;

}  // namespace headrace::io
