#include "headrace/headers.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>

#include "engine/base/ascii.hpp"

namespace headrace {
namespace {

// A section that has one line mostly has ten: the first line makes room for them, so that a usual
// response's section costs two allocations, not ten.
constexpr std::size_t first_arena_bytes = 384;
constexpr std::size_t first_lines = 12;

bool inside(const std::string& arena, std::string_view view) noexcept {
  const std::less_equal<> not_after;
  return !view.empty() && not_after(arena.data(), view.data()) &&
         not_after(view.data(), arena.data() + arena.size());
}

}  // namespace

Headers::Headers(std::initializer_list<Field> fields) {
  for (const Field& field : fields) append(field.name, field.value);
}

void Headers::append(std::string_view name, std::string_view value) {
  constexpr std::size_t arena_bytes_max = std::numeric_limits<std::uint32_t>::max();
  const std::size_t used = arena_.size();
  if (name.size() > arena_bytes_max - used || value.size() > arena_bytes_max - used - name.size())
    throw std::length_error("headrace::Headers: a field section holds at most 4 GiB");
  const std::size_t grown = used + name.size() + value.size();
  if (grown > arena_.capacity()) {
    // A line of these very Headers, given again, moves with the arena.
    if (inside(arena_, name) || inside(arena_, value))
      return append(std::string{name}, std::string{value});
    arena_.reserve(std::max({grown, 2 * arena_.capacity(), first_arena_bytes}));
  }
  if (lines_.empty()) lines_.reserve(first_lines);
  lines_.push_back({.at = static_cast<std::uint32_t>(used),
                    .name_bytes = static_cast<std::uint32_t>(name.size()),
                    .value_bytes = static_cast<std::uint32_t>(value.size())});
  arena_.resize_and_overwrite(grown, [&](char* bytes, std::size_t size) {
    name.copy(bytes + used, name.size());
    value.copy(bytes + used + name.size(), value.size());
    return size;
  });
}

std::optional<std::string_view> Headers::get(std::string_view name) const noexcept {
  for (const Field field : *this)
    if (equal_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

std::string Headers::get_all(std::string_view name) const {
  std::string joined;
  bool first = true;
  for (const Field field : *this) {
    if (!equal_ignoring_case(field.name, name)) continue;
    if (!first) joined.append(", ");
    joined.append(field.value);
    first = false;
  }
  return joined;
}

void Headers::clear() noexcept {
  arena_.clear();
  lines_.clear();
}

Field Headers::operator[](std::size_t index) const noexcept {
  const Line& line = lines_[index];
  const char* const name = arena_.data() + line.at;
  return {.name = {name, line.name_bytes}, .value = {name + line.name_bytes, line.value_bytes}};
}

bool operator==(const Headers& left, const Headers& right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!equal_ignoring_case(left[i].name, right[i].name)) return false;
    if (left[i].value != right[i].value) return false;
  }
  return true;
}

}  // namespace headrace
