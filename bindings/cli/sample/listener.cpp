#include "bindings/cli/sample/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace headrace::sample {
namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (made < 0 || ::bind(made, generic, size) != 0 || ::listen(made, SOMAXCONN) != 0 ||
      ::getsockname(made, generic, &size) != 0) {
    const int error = errno;
    if (made >= 0) ::close(made);
    throw std::system_error(error, std::generic_category(), "cannot listen on loopback");
  }
  port = ntohs(address.sin_port);
  return made;
}

}  // namespace

Listener::Listener()
    : listening_(listen_on_loopback(port_)), stopped_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (stopped_ >= 0) return;
  const int error = errno;
  ::close(listening_);
  throw std::system_error(error, std::generic_category(), "eventfd");
}

Listener::~Listener() {
  ::close(listening_);
  ::close(stopped_);
}

std::optional<int> Listener::accept() {
  while (true) {
    std::array<pollfd, 2> watched{pollfd{.fd = listening_, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = stopped_, .events = POLLIN, .revents = 0}};
    ::poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0) return std::nullopt;
    const int accepted = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted >= 0) return accepted;
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) return std::nullopt;
  }
}

void Listener::stop() noexcept {
  const std::uint64_t one = 1;
  // It cannot fail: the counter is far from its end.
  [[maybe_unused]] const ssize_t written = ::write(stopped_, &one, sizeof one);
}

}  // namespace headrace::sample
