#include "bindings/cli/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <system_error>
#include <utility>

#include "bindings/cli/exit_code.hpp"

namespace headrace::cli {
namespace {

constexpr timespec patience{.tv_sec = 2, .tv_nsec = 0};

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

int exit_code_of(int signal) noexcept {
  return signal == SIGTERM ? exit_terminated : exit_interrupted;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this] { watch(); });
}

Interrupt::~Interrupt() {
  ending_ = true;
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): the watcher has it blocked and waits for it
  ::pthread_kill(watcher_.native_handle(), SIGTERM);
  watcher_.join();
}

void Interrupt::watch() {
  const sigset_t signals = watched_signals();
  int signal = 0;
  while (::sigwait(&signals, &signal) != 0) continue;
  if (ending_) return;
  signal_ = signal;
  stop_.request_stop();
  while (::sigtimedwait(&signals, nullptr, &patience) < 0 && errno == EINTR) continue;
  if (!ending_) ::_exit(exit_code_of(signal));
}

int Interrupt::exit_code(int code) const noexcept {
  return signal_ == 0 ? code : exit_code_of(signal_);
}

void StopDescriptor::Signal::operator()() const noexcept {
  const std::uint64_t one = 1;
  // It cannot fail: the counter is far from its end.
  [[maybe_unused]] const ssize_t written = ::write(number, &one, sizeof one);
}

StopDescriptor::StopDescriptor(std::stop_token stop)
    : number_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (number_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  callback_.emplace(std::move(stop), Signal{number_});
}

StopDescriptor::~StopDescriptor() {
  callback_.reset();
  ::close(number_);
}

}  // namespace headrace::cli
