#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace headrace::http {

// The bytes of an IP address, in network order.
struct IpAddress {
  std::array<unsigned char, 16> bytes = {};
  std::size_t size = 0;  // 4 or 16

  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// "10.0.0.1", four decimal numbers and nothing else; or what RFC 4291 §2.2 allows, without brackets
// and zone. Below the purity line there is no inet_pton.
std::optional<IpAddress> parse_ip(std::string_view text);

}  // namespace headrace::http
