#include "tests/support/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/support/descriptor.hpp"

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

// All are held until all are known, so that they differ.
std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<Descriptor> sockets;
  std::vector<std::uint16_t> ports;
  while (ports.size() < count) {
    const Descriptor& socket = sockets.emplace_back(tcp_socket());
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    checked(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), "bind");
    checked(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size),
            "getsockname");
    ports.push_back(ntohs(address.sin_port));
  }
  return ports;
}

bool accepts_connections(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  const Descriptor socket = tcp_socket();
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace headrace::test
