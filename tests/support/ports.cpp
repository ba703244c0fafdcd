#include "tests/support/ports.hpp"

#include "tests/support/loopback.hpp"

namespace headrace::test {

// All are held until all are known, so that they differ.
std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<Descriptor> sockets;
  std::vector<std::uint16_t> ports;
  while (ports.size() < count) ports.push_back(port_of(sockets.emplace_back(listen_on_loopback())));
  return ports;
}

bool accepts_connections(std::uint16_t port) { return static_cast<bool>(try_to_connect_to(port)); }

}  // namespace headrace::test
