#pragma once

#include <string>

#include "engine/base/bytes.hpp"

namespace headrace::tls {

// The two ends of a TLS session that has no socket.
struct MemoryStream {
  Bytes input;         // ciphertext from the peer, not yet read
  std::string output;  // ciphertext for the peer, not yet taken
};

}  // namespace headrace::tls
