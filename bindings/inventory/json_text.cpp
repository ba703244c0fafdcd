#include "bindings/inventory/json_text.hpp"

#include "bindings/inventory/json.hpp"

namespace headrace::json {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_escaped(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += hex_digits[byte >> 4U];
  out += hex_digits[byte & 15U];
}

bool must_escape(unsigned char byte) noexcept { return byte < 0x20 || byte == '"' || byte == '\\'; }

void append_latin1(std::string& out, unsigned char byte) {
  if (byte < 0x80) {
    out += static_cast<char>(byte);
    return;
  }
  out += static_cast<char>(0xC0U | (byte >> 6U));
  out += static_cast<char>(0x80U | (byte & 0x3FU));
}

bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

// Takes a run of digits off the front; false when there is none.
bool take_digits(std::string_view& text) noexcept {
  const std::size_t before = text.size();
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text.size() < before;
}

bool take(std::string_view& text, std::string_view any_of) noexcept {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

void append_string(std::string& out, std::string_view bytes) {
  const bool utf8 = is_utf8(bytes);
  out += '"';
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    if (must_escape(byte)) {
      append_escaped(out, byte);
    } else if (utf8) {
      out += character;
    } else {
      append_latin1(out, byte);
    }
  }
  out += '"';
}

void append_key(std::string& out, std::string_view key) {
  append_string(out, key);
  out += ':';
}

bool is_number(std::string_view text) noexcept {
  take(text, "-");
  if (!take(text, "0") && !take_digits(text)) return false;
  if (take(text, ".") && !take_digits(text)) return false;
  if (take(text, "eE")) {
    take(text, "+-");
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

}  // namespace headrace::json
