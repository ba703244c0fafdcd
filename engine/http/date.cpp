#include "engine/http/date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace headrace::http {
namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994":
// the same words, but for their order.
struct Words {
  std::array<std::string_view, 6> word;
  std::size_t count = 0;
};

std::optional<Words> split(std::string_view text) {
  constexpr std::string_view separators = " ,-";
  Words words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return words;
    if (words.count == words.word.size()) return std::nullopt;
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    words.word[words.count++] = word;
    text.remove_prefix(word.size());
  }
}

bool read(std::string_view digits, unsigned& number) {
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return status == std::errc{} && end == digits.data() + digits.size();
}

std::optional<std::chrono::month> month_named(std::string_view name) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return std::chrono::month(static_cast<unsigned>(found - names.begin()) + 1);
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  unsigned hour = 0, minute = 0, second = 0;
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  if (!read(text.substr(0, 2), hour) || !read(text.substr(3, 2), minute) ||
      !read(text.substr(6, 2), second))
    return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;  // 60: a leap second
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

// Two digits are of this century or the last (§5.6.7 says: at most 50 years ahead).
unsigned whole_year(unsigned year) {
  if (year >= 100) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

}  // namespace

std::optional<std::chrono::seconds> parse_date(std::string_view text) {
  const std::optional<Words> words = split(text);
  if (!words || words->count < 5) return std::nullopt;
  const auto& word = words->word;
  const bool asctime = words->count == 5;
  if (!asctime && word[5] != "GMT") return std::nullopt;
  const auto month = month_named(word[asctime ? 1 : 2]);
  const auto time = time_of_day(word[asctime ? 3 : 4]);
  unsigned day = 0, year = 0;
  if (!month || !time || !read(word[asctime ? 2 : 1], day) || !read(word[asctime ? 4 : 3], year) ||
      year > 9999)
    return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(whole_year(year))),
                                         *month, std::chrono::day(day));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch() + *time;
}

}  // namespace headrace::http
