#pragma once

#include <cstddef>
#include <string_view>

#include "headrace/detail/ascii.hpp"

namespace headrace::client {

constexpr bool is_alphabetic(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

// Takes the text up to the separator off the front, and the separator; gives it trimmed.
constexpr std::string_view take_until(std::string_view& text, char separator) noexcept {
  const std::size_t at = text.find(separator);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return trimmed(taken);
}

}  // namespace headrace::client
