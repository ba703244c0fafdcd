#include "tests/sim/arguments.hpp"

#include <charconv>
#include <string_view>

namespace headrace::sim {
namespace {

std::optional<std::uint64_t> number_in(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stopped != end || digits.empty()) return std::nullopt;
  return number;
}

bool set_number(Arguments& arguments, std::string_view name, std::uint64_t number) {
  if (arguments.mode == Arguments::Mode::full) arguments.mode = Arguments::Mode::seeds;
  if (name == "--seed") arguments.from = arguments.to = number;
  if (name == "--from") arguments.from = number;
  if (name == "--to") arguments.to = number;
  return name == "--seed" || name == "--from" || name == "--to";
}

bool set_flag(Arguments& arguments, std::string_view name) {
  using enum Arguments::Mode;
  if (name == "--trace") {
    arguments.trace = true;
  } else if (name == "--hash") {
    arguments.mode = hash;
  } else if (name == "--soak") {
    arguments.mode = soak;
  } else if (name == "--canary") {
    arguments.mode = canary;
    arguments.to = 1000;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<Arguments> parse_arguments(std::span<char* const> given, const char* seed_variable) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (set_flag(arguments, given[i])) continue;
    const auto number = i + 1 < given.size() ? number_in(given[i + 1]) : std::nullopt;
    if (!number || !set_number(arguments, given[i], *number)) return std::nullopt;
    ++i;
  }
  if (!given.empty() || seed_variable == nullptr) return arguments;
  const auto seed = number_in(seed_variable);
  if (!seed) return std::nullopt;
  set_number(arguments, "--seed", *seed);
  return arguments;
}

}  // namespace headrace::sim
