#include "engine/http/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "engine/http/date.hpp"
#include "headrace/detail/ascii.hpp"

namespace headrace::http {
namespace {

// Longer than anybody waits, and short enough to be counted in nanoseconds.
constexpr std::chrono::seconds most = std::chrono::hours(24 * 365);

std::optional<std::chrono::seconds> delay_seconds(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t seconds = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (status != std::errc{} || seconds > static_cast<std::uint64_t>(most.count())) return most;
  return std::chrono::seconds(seconds);
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const Headers& headers) {
  const std::optional<std::string_view> field = headers.get("Retry-After");
  if (!field) return std::nullopt;
  if (const auto delay = delay_seconds(trimmed(*field))) return delay;
  const auto then = parse_date(*field);
  const auto sent = parse_date(headers.get("Date").value_or(""));
  if (!then || !sent) return std::nullopt;
  return std::clamp(*then - *sent, std::chrono::seconds(0), most);
}

}  // namespace headrace::http
