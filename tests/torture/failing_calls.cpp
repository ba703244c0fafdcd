#include "tests/torture/failing_calls.hpp"

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

#include <atomic>
#include <cerrno>
#include <exception>

// The program's own definitions stand before the C library's, for libuv too.

namespace headrace::test {
namespace {

std::atomic<const Failures*> armed{nullptr};
std::atomic<std::size_t> calls{0};
std::atomic<std::size_t> failing{0};
std::atomic<bool> failing_on{false};

bool is_socket(int descriptor) {
  struct stat status{};
  return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

// Whether the call under way is to fail, with errno set.
bool fails(int Failures::* kind) {
  const Failures* const failures = armed.load();
  if (failures == nullptr || failures->*kind == 0) return false;
  const std::size_t number = ++calls;
  if (number != failing && !(failing_on && number > failing)) return false;
  errno = failures->*kind;
  return true;
}

// libuv holds its own wake-ups to be infallible: only sockets fail.
bool fails_on(int descriptor, int Failures::* kind) {
  return armed.load() != nullptr && is_socket(descriptor) && fails(kind);
}

template <class Function>
Function next(Function, const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

FailingCall::FailingCall(std::size_t nth, const Failures& failures, bool on) {
  calls = 0;
  failing = nth;
  failing_on = on;
  armed = &failures;
}

FailingCall::~FailingCall() { armed = nullptr; }

bool FailingCall::reached() const noexcept { return calls >= failing; }

}  // namespace headrace::test

using headrace::test::fails;
using headrace::test::fails_on;
using headrace::test::Failures;
using headrace::test::next;

// Whatever the program's own flags say, libuv is to find these.
#pragma GCC visibility push(default)
extern "C" {

int socket(int domain, int type, int protocol) noexcept {
  static const auto real = next(&socket, "socket");
  return fails(&Failures::make) ? -1 : real(domain, type, protocol);
}

int setsockopt(int descriptor, int level, int name, const void* value, socklen_t size) noexcept {
  static const auto real = next(&setsockopt, "setsockopt");
  return fails(&Failures::make) ? -1 : real(descriptor, level, name, value, size);
}

int connect(int descriptor, const sockaddr* address, socklen_t size) {
  static const auto real = next(&connect, "connect");
  return fails(&Failures::connect) ? -1 : real(descriptor, address, size);
}

ssize_t read(int descriptor, void* into, size_t size) {
  static const auto real = next(&read, "read");
  return fails_on(descriptor, &Failures::read) ? -1 : real(descriptor, into, size);
}

ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  static const auto real = next(&recvmsg, "recvmsg");
  return fails_on(descriptor, &Failures::read) ? -1 : real(descriptor, message, flags);
}

ssize_t write(int descriptor, const void* from, size_t size) {
  static const auto real = next(&write, "write");
  return fails_on(descriptor, &Failures::write) ? -1 : real(descriptor, from, size);
}

ssize_t writev(int descriptor, const iovec* from, int count) {
  static const auto real = next(&writev, "writev");
  return fails_on(descriptor, &Failures::write) ? -1 : real(descriptor, from, count);
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  static const auto real = next(&sendmsg, "sendmsg");
  return fails_on(descriptor, &Failures::write) ? -1 : real(descriptor, message, flags);
}

// libuv is C, and nothing may be thrown through it.
int uv_run(uv_loop_t* loop, uv_run_mode mode) {
  static const auto real = next(&uv_run, "uv_run");
  try {
    return real(loop, mode);
  } catch (...) {
    std::terminate();
  }
}

}  // extern "C"
#pragma GCC visibility pop
