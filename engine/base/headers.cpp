#include "headrace/headers.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

#include "headrace/detail/ascii.hpp"

namespace headrace {
namespace {

// A section that has one line mostly has ten: the first line makes room for them.
constexpr std::size_t first_block_bytes = 576;

}  // namespace

Headers::Headers(std::initializer_list<Field> fields) {
  for (const Field& field : fields) append(field.name, field.value);
}

Headers::Headers(const Headers& other)
    : block_(other.block_),
      capacity_(other.capacity_),
      size_(other.size_),
      text_bytes_(other.text_bytes_) {
  if (is_full()) return;
  make_block(size_ * sizeof(Line) + text_bytes_);
  copy(other);
}

// The block is large enough.
void Headers::copy(const Headers& other) noexcept {
  size_ = other.size_;
  text_bytes_ = other.text_bytes_;
  if (empty()) return;
  std::memcpy(block_.get(), other.block_.get(), size_ * sizeof(Line));
  std::memcpy(block_end() - text_bytes_, other.block_end() - text_bytes_, text_bytes_);
}

void Headers::make_block(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("headrace::Headers: a field section holds at most 4 GiB");
  block_ = std::make_shared_for_overwrite<char[]>(bytes);
  capacity_ = static_cast<std::uint32_t>(bytes);
}

// Makes room for one more line with so many bytes of text. Gives the block that was too small: the
// text may lie in it.
std::shared_ptr<char[]> Headers::grow(std::size_t text_bytes) {
  const std::size_t needed = (size_ + std::size_t{1}) * sizeof(Line) + text_bytes_ + text_bytes;
  if (needed <= capacity_) return nullptr;
  Headers larger;
  larger.make_block(std::max({needed, std::size_t{2} * capacity_, first_block_bytes}));
  larger.copy(*this);
  std::swap(*this, larger);
  return std::move(larger.block_);
}

void Headers::append(std::string_view name, std::string_view value) {
  constexpr std::size_t bytes_max = std::numeric_limits<std::uint32_t>::max();
  if (name.size() > bytes_max || value.size() > bytes_max)
    throw std::length_error("headrace::Headers: a field section holds at most 4 GiB");
  const std::shared_ptr<char[]> outgrown = grow(name.size() + value.size());
  Line line{.name_bytes = static_cast<std::uint32_t>(name.size()),
            .value_bytes = static_cast<std::uint32_t>(value.size())};
  line.value_at = text_bytes_ += line.value_bytes;
  value.copy(block_end() - line.value_at, value.size());
  line.name_at = text_bytes_ += line.name_bytes;
  name.copy(block_end() - line.name_at, name.size());
  add_line(line);
}

void Headers::add_line(const Line& line) noexcept {
  std::memcpy(block_.get() + size_ * sizeof line, &line, sizeof line);
  ++size_;
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

// The whitespace around a value is not part of it (RFC 9110 §5.5).
void Headers::assign(std::string_view section, const std::vector<Line>& lines) {
  clear();
  if (lines.empty()) return;
  const Line& last = lines.back();
  const std::uint32_t begin = lines.front().name_at;
  const std::uint32_t end =
      std::max(last.name_at + last.name_bytes, last.value_at + last.value_bytes);
  make_block(lines.size() * sizeof(Line) + (end - begin));
  text_bytes_ = end - begin;
  std::memcpy(block_end() - text_bytes_, section.data() + begin, text_bytes_);
  for (const Line& line : lines) {
    const std::string_view value = trimmed({section.data() + line.value_at, line.value_bytes});
    const auto value_at =
        value.empty() ? begin : static_cast<std::uint32_t>(value.data() - section.data());
    add_line({.name_at = end - line.name_at,
              .name_bytes = line.name_bytes,
              .value_at = end - value_at,
              .value_bytes = static_cast<std::uint32_t>(value.size())});
  }
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
