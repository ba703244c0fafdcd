#pragma once

#include <cstdint>
#include <string>

namespace headrace::http {

// Where a request goes: what must be equal for two requests to share a connection. Options that
// change how a connection is made (TLS) are the engine's or the origin's, so within an engine they
// follow from it.
struct Origin {
  bool tls = false;
  std::string host = {};  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;

  friend bool operator==(const Origin&, const Origin&) = default;
};

std::string to_string(const Origin& origin);  // "https://cloud.example:443", "http://[::1]:8080"
std::string host_field(
    const Origin& origin);  // "cloud.example", "[::1]:8080": the port only when not the default

}  // namespace headrace::http
