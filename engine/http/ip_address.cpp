#include "engine/http/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "headrace/detail/ascii.hpp"

namespace headrace::http {
namespace {

// All of the text as one number.
template <class Number>
std::optional<Number> number(std::string_view text, int base, std::size_t digits_max) {
  Number value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, status] = std::from_chars(text.data(), last, value, base);
  const bool whole = status == std::errc{} && end == last && text.size() <= digits_max;
  return whole ? std::optional(value) : std::nullopt;
}

// Into the next bytes of the address.
bool append_v4(std::string_view text, IpAddress& to) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || to.size == to.bytes.size()) return false;
    const std::string_view digits = text.substr(0, dot);
    const auto value = number<std::uint8_t>(digits, 10, 3);
    if (!value || (digits.size() > 1 && digits.front() == '0')) return false;  // octal, to some
    to.bytes[to.size++] = *value;
    text.remove_prefix(std::min(text.size(), dot + 1));
  }
  return true;
}

// Groups with colons between, the last perhaps an IPv4 address. None at all is fine, too.
bool append_groups(std::string_view text, bool may_end_in_v4, IpAddress& to) {
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && may_end_in_v4 && group.contains('.'))
      return append_v4(group, to);
    const auto value = number<std::uint16_t>(group, 16, 4);
    if (!value || to.size + 2 > to.bytes.size()) return false;
    to.bytes[to.size++] = static_cast<unsigned char>(*value >> 8U);
    to.bytes[to.size++] = static_cast<unsigned char>(*value & 0xffU);
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
    if (text.empty()) return false;  // a colon at the end
  }
  return true;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  IpAddress made;
  IpAddress behind;
  if (!append_groups(text.substr(0, gap), !has_gap, made)) return std::nullopt;
  if (has_gap && !append_groups(text.substr(gap + 2), true, behind)) return std::nullopt;
  const std::size_t size = made.size + behind.size;
  if (has_gap ? size > 14 : size != 16) return std::nullopt;  // a gap is at least one group
  std::ranges::copy(behind.view(), made.bytes.end() - static_cast<std::ptrdiff_t>(behind.size));
  made.size = made.bytes.size();
  return made;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.contains(':')) return parse_v6(text);
  IpAddress made;
  if (!append_v4(text, made)) return std::nullopt;
  return made;
}

}  // namespace headrace::http
