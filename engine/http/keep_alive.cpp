#include "engine/http/keep_alive.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "headrace/detail/ascii.hpp"

namespace headrace::http {
namespace {

constexpr std::uint64_t number_max = 1'000'000'000;

// What says more than any server means, or is no number, says nothing.
std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc{} || end != text.data() + text.size() || number > number_max)
    return std::nullopt;
  return number;
}

}  // namespace

KeepAlive keep_alive(const Headers& headers) {
  KeepAlive hint;
  std::string_view rest = headers.get("Keep-Alive").value_or("");
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view parameter = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(rest.size(), comma + 1));
    const std::size_t equals = parameter.find('=');
    if (equals == parameter.npos) continue;
    const std::string_view name = trimmed(parameter.substr(0, equals));
    const auto number = number_in(trimmed(parameter.substr(equals + 1)));
    if (!number) continue;
    if (equal_ignoring_case(name, "timeout"))
      hint.timeout = std::chrono::seconds(*number);
    else if (equal_ignoring_case(name, "max"))
      hint.max = static_cast<unsigned>(*number);
  }
  return hint;
}

}  // namespace headrace::http
