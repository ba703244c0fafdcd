#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "headrace/detail/ascii.hpp"

namespace headrace::http {

// The character classes of RFC 9110 §5.5, §5.6.2.

constexpr bool is_visible(char c) noexcept { return c >= 0x21 && c <= 0x7e; }

// Eight bytes at a time: a URL's path is looked at for each request. Wherever no byte is over 0x7e,
// adding and subtracting does not carry from one byte to the next.
inline bool is_all_visible(std::string_view text) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101U;
  constexpr std::uint64_t high = 0x80 * each;
  for (; text.size() >= sizeof each; text.remove_prefix(sizeof each)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if (((word | (word + each)) & high) != 0) return false;            // over 0x7e
    if (((word + (0x80 - 0x21) * each) & high) != high) return false;  // under 0x21
  }
  return std::ranges::all_of(text, is_visible);
}

constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

constexpr bool is_token_char(char c) noexcept {
  return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// A byte of a field's value or of a reason phrase: visible, SP, HTAB or obs-text.
constexpr bool is_text_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

constexpr bool is_text(std::string_view text) noexcept {
  return std::ranges::all_of(text, is_text_char);
}

// Calls visit(element) for each element of a comma-separated list (RFC 9110 §5.6.1), without the
// whitespace around it, empty ones included; stops when it gives false.
template <class Visitor>
constexpr void for_each_element(std::string_view list, Visitor&& visit) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (!visit(trimmed(list.substr(0, comma)))) return;
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace headrace::http
