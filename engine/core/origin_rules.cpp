#include "engine/core/origin_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "engine/http/url.hpp"

namespace headrace::core {
namespace {

constexpr std::string_view header = "headrace-profiles 1";

std::unexpected<Error> refuse(std::string detail) {
  return std::unexpected(Error{
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)});
}

// Cuts the first word off.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

bool take_number(std::string_view& rest, std::string_view key, std::uint64_t most,
                 std::uint64_t& number) {
  std::string_view word = take_word(rest);
  if (!word.starts_with(key)) return false;
  word.remove_prefix(key.size());
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), number);
  return status == std::errc{} && end == word.data() + word.size() && number <= most;
}

bool take_flag(std::string_view& rest, std::string_view key, bool& flag) {
  std::string_view word = take_word(rest);
  if (!word.starts_with(key)) return false;
  word.remove_prefix(key.size());
  flag = word == "yes";
  return flag || word == "no";
}

bool take_capability(std::string_view& rest, Capability& capability) {
  const std::string_view word = take_word(rest);
  using enum Capability;
  for (const Capability known : {unknown, capable, on_trial, off}) {
    if (word != name_of(known)) continue;
    capability = known;
    return true;
  }
  return false;
}

// What follows the origin.
std::optional<ProfileLine> parse(std::string_view rest) {
  constexpr std::uint64_t day_us = 86'400'000'000;
  constexpr std::uint64_t count_max = 1'000'000'000;
  ProfileLine line;
  std::uint64_t depth = 0, requests_max = 0, answer = 0, silence = 0;
  if (!take_capability(rest, line.learned.capability) ||
      !take_number(rest, "depth=", count_max, depth) ||
      !take_flag(rest, "one_per_segment=", line.learned.one_per_segment) ||
      !take_number(rest, "requests_max=", count_max, requests_max) ||
      !take_number(rest, "answer_us=", day_us, answer) ||
      !take_number(rest, "silence_us=", day_us, silence))
    return std::nullopt;
  line.learned.depth = static_cast<std::size_t>(depth);
  line.learned.requests_max = static_cast<unsigned>(requests_max);
  line.learned.reason = std::string(rest);
  line.per_answer = std::chrono::microseconds(answer);
  line.silence = std::chrono::microseconds(silence);
  return line;
}

// `where` says where the text stands: a text that is no origin may hold a password, and is not
// repeated.
Result<std::string> origin_named(const std::string& text, const std::string& where) {
  const Result<http::Url> url = http::parse_url(text);
  if (!url) return refuse(where + ": " + url.error().detail);
  if (url->target != "/" || text.find_first_of("?#") != std::string::npos)
    return refuse(where + ": the URL has more than scheme, host and port");
  return to_string(url->origin);
}

}  // namespace

std::string profiles_header() { return std::string(header) + "\n"; }

std::string to_line(std::string_view origin, const ProfileLine& line) {
  const auto us = [](Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
  };
  return std::string(origin) + " " + std::string(name_of(line.learned.capability)) +
         " depth=" + std::to_string(line.learned.depth) +
         " one_per_segment=" + (line.learned.one_per_segment ? "yes" : "no") +
         " requests_max=" + std::to_string(line.learned.requests_max) +
         " answer_us=" + us(line.per_answer) + " silence_us=" + us(line.silence) + " " +
         line.learned.reason + "\n";
}

Result<OriginRules> OriginRules::read(const Options& options) {
  OriginRules rules;
  for (std::size_t i = 0; i < options.origins.size(); ++i) {
    const OriginOptions& entry = options.origins[i];
    const std::string where = "option origins[" + std::to_string(i) + "]";
    const Result<std::string> origin = origin_named(entry.origin, where);
    if (!origin) return std::unexpected(origin.error());
    if (!rules.options_.emplace(*origin, entry).second)
      return refuse(where + ": an earlier entry is for " + *origin + " too");
  }
  if (Result<void> read = rules.read_profiles(options.profiles); !read)
    return std::unexpected(std::move(read.error()));
  return rules;
}

Result<void> OriginRules::read_profiles(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string where = "option profiles, line " + std::to_string(number);
    if (number == 1) {
      if (line != header) return refuse(where + ": expected \"" + std::string(header) + "\"");
      continue;
    }
    if (line.empty()) continue;
    std::string_view rest = line;
    const Result<std::string> origin = origin_named(std::string(take_word(rest)), where);
    if (!origin) return std::unexpected(origin.error());
    std::optional<ProfileLine> profile = parse(rest);
    if (!profile) return refuse(where + ": not what Engine::profiles gave");
    profiles_[*origin] = *std::move(profile);
  }
  return {};
}

const OriginOptions& OriginRules::options_for(const std::string& origin) const {
  static const OriginOptions nothing;
  const auto found = options_.find(origin);
  return found == options_.end() ? nothing : found->second;
}

const ProfileLine* OriginRules::profile_for(const std::string& origin) const {
  const auto found = profiles_.find(origin);
  return found == profiles_.end() ? nullptr : &found->second;
}

Result<void> check_origin_rules(const Options& options) {
  if (Result<OriginRules> rules = OriginRules::read(options); !rules)
    return std::unexpected(std::move(rules.error()));
  return {};
}

}  // namespace headrace::core
