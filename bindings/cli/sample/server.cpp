#include "bindings/cli/sample/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "bindings/cli/sample/connection.hpp"
#include "bindings/cli/sample/listener.hpp"

namespace headrace::sample {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const noexcept { return number_; }

 private:
  int number_;
};

// A sleep may normally end 50 us late, to save power. The demo measures the engine, not that.
void sleep_precisely() {
#if defined(PR_SET_TIMERSLACK)
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
#endif
}

timespec until(Clock::time_point due, Clock::time_point now) {
  const auto left = std::max(due - now, Clock::duration::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const auto rest = std::chrono::nanoseconds(left - seconds);
  return {.tv_sec = seconds.count(), .tv_nsec = rest.count()};
}

}  // namespace

class Server::Loop {
 public:
  Loop(Handler handler, std::chrono::nanoseconds delay);
  ~Loop();

  std::uint16_t port() const noexcept { return port_; }
  std::size_t connections() const noexcept { return accepted_; }
  std::size_t requests() const noexcept { return requests_; }

 private:
  void run();
  void wait(Clock::time_point now);
  void accept_all();
  void serve(std::size_t index, Clock::time_point now);

  Handler handler_;
  std::chrono::nanoseconds delay_;
  Descriptor listener_;
  Descriptor wake_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_ = {};
  std::vector<pollfd> polled_ = {};  // wake, listener, then the connections in their order
  std::atomic<std::size_t> accepted_ = 0;
  std::atomic<std::size_t> requests_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

Server::Loop::Loop(Handler handler, std::chrono::nanoseconds delay)
    : handler_(std::move(handler)),
      delay_(delay),
      listener_(
          checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")),
      wake_(checked(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  checked(::bind(*listener_, generic, size), "bind");
  checked(::listen(*listener_, SOMAXCONN), "listen");
  checked(::getsockname(*listener_, generic, &size), "getsockname");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Server::Loop::~Loop() {
  stopping_ = true;
  const std::uint64_t one = 1;
  // It cannot fail: the counter is far from its end.
  [[maybe_unused]] const ssize_t written = ::write(*wake_, &one, sizeof one);
  thread_.join();
}

void Server::Loop::run() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  sleep_precisely();
  while (!stopping_) {
    wait(Clock::now());
    // One reading of the clock for all that arrived together: it becomes due together.
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0; i < connections_.size(); ++i) serve(i, now);
    const bool knock = polled_[1].revents != 0;
    std::erase_if(connections_, [](const auto& connection) { return connection->done(); });
    if (knock) accept_all();
  }
}

void Server::Loop::wait(Clock::time_point now) {
  std::optional<Clock::time_point> due;
  polled_.clear();
  polled_.push_back({.fd = *wake_, .events = POLLIN, .revents = 0});
  const bool room = connections_.size() < connections_max;
  polled_.push_back({.fd = room ? *listener_ : -1, .events = POLLIN, .revents = 0});
  for (const auto& connection : connections_) {
    const int events =
        (connection->wants_input() ? POLLIN : 0) | (connection->wants_output() ? POLLOUT : 0);
    // One of which nothing is wanted is left out: its hang-up would be reported again and again.
    polled_.push_back({.fd = events == 0 ? -1 : connection->descriptor(),
                       .events = static_cast<short>(events),
                       .revents = 0});
    const auto next = connection->next_due();
    if (next && (!due || *next < *due)) due = next;
  }
  const timespec timeout = until(due.value_or(now), now);
  if (::ppoll(polled_.data(), polled_.size(), due ? &timeout : nullptr, nullptr) < 0)
    for (pollfd& one : polled_) one.revents = 0;
}

void Server::Loop::serve(std::size_t index, Clock::time_point now) {
  Connection& connection = *connections_[index];
  if ((polled_[index + 2].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
    requests_ += connection.receive(now, delay_, handler_);
  connection.send_due(now);
}

void Server::Loop::accept_all() {
  while (connections_.size() < connections_max) {
    const int accepted = ::accept4(*listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    const int yes = 1;
    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections_.push_back(std::make_unique<Connection>(accepted));
    ++accepted_;
  }
}

Server::Server(Handler handler, std::chrono::nanoseconds delay)
    : loop_(std::make_unique<Loop>(std::move(handler), delay)) {}
Server::~Server() = default;

std::uint16_t Server::port() const noexcept { return loop_->port(); }
std::string Server::origin() const { return "http://127.0.0.1:" + std::to_string(port()); }
std::size_t Server::connections() const noexcept { return loop_->connections(); }
std::size_t Server::requests() const noexcept { return loop_->requests(); }

}  // namespace headrace::sample
