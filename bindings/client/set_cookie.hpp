#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/client/url.hpp"

namespace headrace::client {

using CalendarTime = std::chrono::sys_seconds;

// What one Set-Cookie says, read at the URL that sent it (RFC 6265 §5.2, §5.3).
struct SetCookie {
  std::string name;
  std::string value;
  std::string path;
  std::optional<CalendarTime> expires;  // else with the client
  bool secure = false;
};

// Nothing when the cookie is to be ignored: without a name, for another host, over 4096 bytes, with
// control characters, Secure from http, or breaking the promise of its name's prefix.
std::optional<SetCookie> parse_set_cookie(std::string_view text, const Url& from, CalendarTime now);

// RFC 6265 §5.1.1, which takes about any way in which a date was ever written.
std::optional<CalendarTime> parse_cookie_date(std::string_view text);

// RFC 6265 §5.1.4.
bool path_matches(std::string_view request_path, std::string_view cookie_path);

}  // namespace headrace::client
