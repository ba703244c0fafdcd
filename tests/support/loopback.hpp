#pragma once

#include <cstdint>

#include "tests/support/descriptor.hpp"

// TCP on 127.0.0.1.
namespace headrace::test {

// Listens on a port that is free.
Descriptor listen_on_loopback();
std::uint16_t port_of(const Descriptor& listener);

Descriptor connected_to(std::uint16_t port);
// Nothing when nobody listens there.
Descriptor try_to_connect_to(std::uint16_t port);

}  // namespace headrace::test
