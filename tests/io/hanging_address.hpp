#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

// A port of 127.0.0.1 where connecting neither succeeds nor fails: as many as the kernel keeps for
// an absent-minded server are there already.
class HangingAddress {
 public:
  HangingAddress();
  std::uint16_t port() const { return port_; }

 private:
  Descriptor listener_;
  std::vector<Descriptor> waiting_;
  std::uint16_t port_ = 0;
};

}  // namespace headrace::test
