#include <array>
#include <charconv>
#include <optional>

#include "bindings/client/set_cookie.hpp"
#include "bindings/client/text.hpp"

namespace headrace::client {
namespace {

constexpr bool is_delimiter(char c) noexcept {
  return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// Takes a number of so many digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits_min,
                               std::size_t digits_max) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits < digits_min || digits > digits_max) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  text.remove_prefix(digits);
  return number;
}

struct Date {
  std::optional<std::chrono::seconds> time;
  std::optional<int> day;
  std::optional<int> month;
  std::optional<int> year;
};

std::optional<std::chrono::seconds> time_of(std::string_view token) {
  const auto hour = take_number(token, 1, 2);
  if (!hour || !token.starts_with(':')) return std::nullopt;
  token.remove_prefix(1);
  const auto minute = take_number(token, 1, 2);
  if (!minute || !token.starts_with(':')) return std::nullopt;
  token.remove_prefix(1);
  const auto second = take_number(token, 1, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<int> month_of(std::string_view token) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (equal_ignoring_case(token.substr(0, 3), names[i])) return static_cast<int>(i) + 1;
  return std::nullopt;
}

std::optional<int> year_of(std::string_view token) {
  auto year = take_number(token, 2, 4);
  if (year && *year >= 70 && *year <= 99) *year += 1900;
  if (year && *year <= 69) *year += 2000;
  return year;
}

// A token is the first of these that is still wanted and that it can be.
void note(Date& date, std::string_view token) {
  const auto is_it = [](auto& wanted, auto found) {
    if (wanted || !found) return false;
    wanted = found;
    return true;
  };
  std::string_view rest = token;
  if (is_it(date.time, time_of(token))) return;
  if (is_it(date.day, take_number(rest, 1, 2))) return;
  if (is_it(date.month, month_of(token))) return;
  is_it(date.year, year_of(token));
}

}  // namespace

std::optional<CalendarTime> parse_cookie_date(std::string_view text) {
  Date date;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is_delimiter(text[size])) ++size;
    if (size > 0) note(date, text.substr(0, size));
    text.remove_prefix(size < text.size() ? size + 1 : size);
  }
  if (!date.time || !date.day || !date.month || !date.year || *date.year < 1601)
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(*date.year),
                                        std::chrono::month(static_cast<unsigned>(*date.month)),
                                        std::chrono::day(static_cast<unsigned>(*date.day))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + *date.time;
}

}  // namespace headrace::client
