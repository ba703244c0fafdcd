#include "engine/tls/text.hpp"

namespace headrace::tls {

std::string printable(std::string_view bytes, std::size_t bytes_max) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    if (text.size() >= bytes_max) return text + "...";
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x20 && value < 0x7f) {
      text += byte;
    } else {
      text += "\\x";
      text += digits[value >> 4U];
      text += digits[value & 0xfU];
    }
  }
  return text;
}

}  // namespace headrace::tls
