#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/client/cookie_jar.hpp"
#include "bindings/client/set_cookie.hpp"
#include "engine/http/date.hpp"
#include "engine/http/keep_alive.hpp"
#include "engine/http/retry_after.hpp"
#include "fuzz/require.hpp"

// Any bytes as the values of fields that we read: dates are those that the C library reads,
// durations are in their bounds, and cookies stay in their jar, their number and their origin.
//
// Input: a byte that chooses the field, then its value; of cookies several, each ended by 0x1E.

using namespace headrace;
using headrace::fuzz::require;
using std::chrono::seconds;

namespace {

Headers with(std::string_view name, std::string_view value) {
  Headers headers;
  headers.append(name, value);
  return headers;
}

std::string written(const char* format, seconds time) {
  const std::time_t value = time.count();
  std::tm parts{};
  require(gmtime_r(&value, &parts) != nullptr, "a date within the calendar");
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

void check_date(const std::string& text) {
  constexpr const char* imf = "%a, %d %b %Y %H:%M:%S GMT";
  const auto date = http::parse_date(text);
  if (date) {
    const seconds first_day =
        std::chrono::sys_days(std::chrono::year(0) / 1 / 1).time_since_epoch();
    require(*date >= first_day, "a date of our calendar");
    if (*date < std::chrono::sys_days(std::chrono::year(1000) / 1 / 1).time_since_epoch()) return;
    require(http::parse_date(written(imf, *date)) == *date, "the same when written by its form");
    require(http::parse_date(written("%a %b %e %H:%M:%S %Y", *date)) == *date, "and as asctime");
  }
  std::tm parts{};
  const char* const end = strptime(text.c_str(), imf, &parts);
  const bool plain = end != nullptr && *end == '\0' && text.size() == 29 && !text.contains('\t') &&
                     !text.contains('\n') && !text.contains('\v') && !text.contains('\f') &&
                     !text.contains('\r') && parts.tm_year >= -800;
  if (!plain) return;
  const std::tm as_read = parts;
  const std::time_t value = timegm(&parts);
  if (parts.tm_mday != as_read.tm_mday || written(imf, seconds(value)) != text) return;  // 31 Feb
  require(date == seconds(value), "the date that the C library reads");
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

void check_keep_alive(const std::string& text) {
  const http::KeepAlive hint = http::keep_alive(with("Keep-Alive", text));
  if (hint.timeout) require(hint.timeout->count() >= 0, "a time to come");
  const http::KeepAlive same = http::keep_alive(with("KEEP-ALIVE", upper(text) + " , x=1"));
  require(same.timeout == hint.timeout && same.max == hint.max, "the same in capitals");
}

void check_retry_after(const std::string& text) {
  Headers headers = with("Retry-After", text);
  headers.append("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  const auto pause = http::retry_after(headers);
  if (!pause) return;
  require(*pause >= seconds(0) && *pause <= std::chrono::hours(24 * 365), "at most a year");
  const bool digits = !text.empty() && text.size() < 8 &&
                      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (digits) require(*pause == seconds(std::stoul(text)), "as many seconds as it says");
}

bool is_harmless(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

void check_cookies(std::string_view text) {
  constexpr client::CookieJar::Limits limits{.count_max = 6, .per_origin_max = 4, .bytes_max = 200};
  constexpr std::array urls = {"https://a.b.example/x/y", "http://a.b.example/x/y",
                               "https://b.example/", "https://a.b.example:8443/x"};
  client::CookieJar jar(limits);
  const client::CalendarTime now{seconds(1'800'000'000)};
  std::string given[urls.size()];
  for (std::size_t number = 0; !text.empty(); ++number) {
    const std::string_view one = text.substr(0, text.find('\x1e'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t site = number % urls.size();
    jar.store(*client::parse_url(urls[site]), one, now);
    given[site].append("\n").append(one);
  }
  require(jar.size() <= limits.count_max, "no more cookies than the limit");
  for (std::size_t site = 0; site < urls.size(); ++site) {
    std::string header = jar.header(*client::parse_url(urls[site]), now);
    require(std::ranges::all_of(header, is_harmless), "nothing that ends a line");
    require(header.size() <= limits.bytes_max + limits.per_origin_max * 3, "no more than stored");
    std::string_view rest = header;
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find("; "));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 2));
      const std::string_view name = pair.substr(0, pair.find('='));
      require(given[site].contains(name), "a cookie that this very origin has set");
    }
  }
}

void check_cookie_date(const std::string& text) {
  const auto date = client::parse_cookie_date(text);
  if (!date) return;
  const std::string again = written("%d %b %Y %H:%M:%S", date->time_since_epoch());
  const auto same = client::parse_cookie_date(again);
  require(same && *same == *date, "the same date when written plainly");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2048) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      check_date(text);
      break;
    case 1:
      check_keep_alive(text);
      break;
    case 2:
      check_retry_after(text);
      break;
    case 3:
      check_cookies(text);
      break;
    default:
      check_cookie_date(text);
  }
  return 0;
}
