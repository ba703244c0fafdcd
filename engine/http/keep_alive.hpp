#pragma once

#include <chrono>
#include <optional>

#include "headrace/headers.hpp"

namespace headrace::http {

// What a server says of how long it keeps a connection: "Keep-Alive: timeout=5, max=100" (RFC 2068
// §19.7.1.1; no later RFC has it, most servers send it).
struct KeepAlive {
  std::optional<std::chrono::seconds> timeout;  // of idleness
  std::optional<unsigned> max;                  // further requests
};
KeepAlive keep_alive(const Headers& headers);

}  // namespace headrace::http
