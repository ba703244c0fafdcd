#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace headrace::test {

// Ports of 127.0.0.1 that are free now. For programs that can't be given port 0: somebody else may
// be quicker to take one, and whoever starts the program tries again with others then.
std::vector<std::uint16_t> free_ports(std::size_t count);

bool accepts_connections(std::uint16_t port);

}  // namespace headrace::test
