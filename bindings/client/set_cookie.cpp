#include "bindings/client/set_cookie.hpp"

#include <algorithm>
#include <charconv>

#include "bindings/client/text.hpp"

namespace headrace::client {
namespace {

constexpr std::size_t cookie_bytes_max = 4096;  // name and value: RFC 6265 §6.1
constexpr std::chrono::seconds age_max = std::chrono::hours(24 * 400);  // as browsers cap it

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

// RFC 6265 §5.1.4: the directory of what was asked for.
std::string default_path(std::string_view request_path) {
  const std::size_t last = request_path.rfind('/');
  return last == 0 || last == std::string_view::npos ? "/"
                                                     : std::string(request_path.substr(0, last));
}

// RFC 6265 §5.1.3: the host itself, or one above it.
bool is_of_domain(std::string_view host, std::string_view domain) {
  if (equal_ignoring_case(host, domain)) return true;
  return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
         equal_ignoring_case(host.substr(host.size() - domain.size()), domain);
}

// RFC 6265 §5.2.2. What can't be a number is ignored, what is too large is the most there is.
std::optional<CalendarTime> expiry_of_age(std::string_view text, CalendarTime now) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  long long seconds = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (negative || (result.ec == std::errc{} && seconds == 0)) return CalendarTime::min();
  if (result.ec != std::errc{} || seconds > age_max.count()) return now + age_max;
  return now + std::chrono::seconds(seconds);
}

// A prefix of the name promises how the cookie was set (RFC 6265bis §4.1.3).
bool keeps_its_prefix(const SetCookie& cookie, bool has_domain) {
  const auto has_prefix = [&](std::string_view prefix) {
    return equal_ignoring_case(std::string_view(cookie.name).substr(0, prefix.size()), prefix);
  };
  if (has_prefix("__Secure-")) return cookie.secure;
  if (has_prefix("__Host-")) return cookie.secure && !has_domain && cookie.path == "/";
  return true;
}

}  // namespace

std::optional<SetCookie> parse_set_cookie(std::string_view text, const Url& from,
                                          CalendarTime now) {
  if (has_control_character(text)) return std::nullopt;
  std::string_view pair = take_until(text, ';');
  if (!pair.contains('=')) return std::nullopt;
  const std::string_view name = take_until(pair, '=');
  const std::string_view value = trimmed(pair);
  if (name.empty() || name.size() + value.size() > cookie_bytes_max) return std::nullopt;

  SetCookie cookie{.name = std::string(name),
                   .value = std::string(value),
                   .path = default_path(from.path),
                   .expires = {}};
  std::optional<CalendarTime> expires_by_age;
  std::string_view domain;
  bool has_path = false;
  while (!text.empty()) {
    std::string_view attribute = take_until(text, ';');
    const std::string_view key = take_until(attribute, '=');
    const std::string_view given = trimmed(attribute);
    if (equal_ignoring_case(key, "Secure")) cookie.secure = true;
    if (equal_ignoring_case(key, "Path")) {
      has_path = given.starts_with('/') && given.size() <= cookie_bytes_max;
      cookie.path = has_path ? std::string(given) : default_path(from.path);
    }
    if (equal_ignoring_case(key, "Domain"))
      domain = given.starts_with('.') ? given.substr(1) : given;
    if (equal_ignoring_case(key, "Max-Age"))
      if (const auto expiry = expiry_of_age(given, now)) expires_by_age = expiry;
    if (equal_ignoring_case(key, "Expires"))
      if (const auto date = parse_cookie_date(given))
        cookie.expires = std::min(*date, now + age_max);
  }
  if (expires_by_age) cookie.expires = expires_by_age;  // whichever came first: §5.3
  if (!domain.empty() && !is_of_domain(from.origin.host, domain)) return std::nullopt;
  if (cookie.secure && !from.origin.tls) return std::nullopt;
  if (!keeps_its_prefix(cookie, !domain.empty())) return std::nullopt;
  return cookie;
}

bool path_matches(std::string_view request_path, std::string_view cookie_path) {
  if (!request_path.starts_with(cookie_path)) return false;
  return request_path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
         request_path[cookie_path.size()] == '/';
}

}  // namespace headrace::client
