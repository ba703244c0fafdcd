#include "tests/support/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace headrace::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Descriptor tcp_socket() {
  return Descriptor(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

}  // namespace

Descriptor listen_on_loopback() {
  Descriptor listener = tcp_socket();
  const sockaddr_in address = loopback(0);
  checked(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "bind");
  checked(::listen(listener.get(), 512), "listen");
  return listener;
}

std::uint16_t port_of(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size),
          "getsockname");
  return ntohs(address.sin_port);
}

Descriptor connected_to(std::uint16_t port) {
  Descriptor made = try_to_connect_to(port);
  if (!made) throw_system_error("connect");
  return made;
}

Descriptor try_to_connect_to(std::uint16_t port) {
  Descriptor made = tcp_socket();
  const sockaddr_in address = loopback(port);
  const int result =
      ::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return result == 0 ? std::move(made) : Descriptor();
}

}  // namespace headrace::test
