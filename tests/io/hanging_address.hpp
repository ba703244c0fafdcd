#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <vector>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

// A port of 127.0.0.1, or a given one of 127.0.0.2, where connecting neither succeeds nor fails: as
// many as the kernel keeps for an absent-minded server are there already.
class HangingAddress {
 public:
  HangingAddress() : HangingAddress(INADDR_LOOPBACK, 0) {}
  static HangingAddress beside(std::uint16_t port) { return {INADDR_LOOPBACK + 1, port}; }
  std::uint16_t port() const { return port_; }

 private:
  HangingAddress(std::uint32_t host, std::uint16_t port);

  Descriptor listener_;
  std::vector<Descriptor> waiting_;
  std::uint16_t port_ = 0;
};

}  // namespace headrace::test
