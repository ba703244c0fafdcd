#pragma once

#include <cstddef>

// A program that failing_calls.cpp is linked into can have any call that it, or a library of its,
// makes of a socket fail.
namespace headrace::test {

// What a call that fails says, by what it does.
struct Failures {
  const char* name = "";
  int make = 0;     // socket, setsockopt
  int connect = 0;  // connect
  int read = 0;     // read, recvmsg
  int write = 0;    // write, writev, sendmsg
};

// While it lives the nth of all socket calls of this process fails, or with `on` each from then on.
class FailingCall {
 public:
  FailingCall(std::size_t nth, const Failures& failures, bool on = false);
  ~FailingCall();
  FailingCall(const FailingCall&) = delete;
  FailingCall& operator=(const FailingCall&) = delete;

  // Whether there were so many. When not, every call of this run has been tried.
  bool reached() const noexcept;
};

}  // namespace headrace::test
