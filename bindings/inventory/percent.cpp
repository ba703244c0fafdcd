#include "bindings/inventory/percent.hpp"

namespace headrace {
namespace {

bool is_unreserved(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

}  // namespace

std::string percent_encode(std::string_view bytes) {
  constexpr std::string_view hex_digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size());
  for (const char character : bytes) {
    if (is_unreserved(character)) {
      text += character;
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    text += '%';
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 15U];
  }
  return text;
}

}  // namespace headrace
