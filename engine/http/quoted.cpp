#include "engine/http/quoted.hpp"

namespace headrace::http {

std::string quoted(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte >= 0x20 && byte < 0x7f) {
      out.push_back(c);
    } else {
      out.append("\\x").append({digits[byte >> 4U], digits[byte & 0xfU]});
    }
  }
  if (text.size() > bytes_max) out.append("...");
  return out.append("\"");
}

}  // namespace headrace::http
