#include "engine/http/basic_credentials.hpp"

#include <cstdint>

namespace headrace::http {
namespace {

// RFC 4648 §4.
std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t at = 0; at < 3; ++at)
      bits = bits << 8U | (at < group.size() ? static_cast<unsigned char>(group[at]) : 0U);
    for (std::size_t at = 0; at < 4; ++at)
      out += at > group.size() ? '=' : digits[bits >> (18 - 6 * at) & 0x3fU];
  }
  return out;
}

}  // namespace

std::string basic_credentials(std::string_view user, std::string_view password) {
  return "Basic " + base64(std::string(user).append(":").append(password));
}

}  // namespace headrace::http
