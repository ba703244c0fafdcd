#include "tests/io/hanging_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace headrace::test {

HangingAddress::HangingAddress(std::uint32_t host, std::uint16_t port)
    : listener_(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  checked(bind(listener_.get(), generic, size), "bind");
  checked(listen(listener_.get(), 0), "listen");
  checked(getsockname(listener_.get(), generic, &size), "getsockname");
  port_ = ntohs(address.sin_port);
  for (int i = 0; i < 8; ++i) {
    waiting_.emplace_back(
        checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
    if (connect(waiting_.back().get(), generic, size) != 0 && errno != EINPROGRESS)
      throw_system_error("connect");
  }
}

}  // namespace headrace::test
