#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headrace/export.hpp"

namespace headrace {

/// One field line (RFC 9110 §5): views into the `Headers` they came from, valid until that is
/// changed or destroyed.
struct Field {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Field&, const Field&) = default;
};

/// A field section: lines in the order given or received, names with their case kept and compared
/// without it.
///
/// All bytes live in one arena, the lines are offsets into it: one allocation for a response's
/// whole section.
class HEADRACE_API Headers {
 public:
  class Iterator;

  Headers() = default;
  Headers(std::initializer_list<Field> fields);

  /// Adds a line at the end; a name may occur several times. Nothing is checked here: the engine
  /// checks a request's fields when it is submitted.
  void append(std::string_view name, std::string_view value);

  /// The value of the first line with this name.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  /// All lines of this name joined with ", " (RFC 9110 §5.3). Not for Set-Cookie, whose lines do
  /// not join.
  std::string get_all(std::string_view name) const;

  bool contains(std::string_view name) const noexcept { return get(name).has_value(); }

  std::size_t size() const noexcept { return lines_.size(); }
  bool empty() const noexcept { return lines_.empty(); }
  void clear() noexcept;

  Field operator[](std::size_t index) const noexcept;
  Iterator begin() const noexcept;
  Iterator end() const noexcept;

  friend HEADRACE_API bool operator==(const Headers&, const Headers&) noexcept;

 private:
  struct Line {
    std::uint32_t at;  // where the name begins in the arena; the value follows it
    std::uint32_t name_bytes;
    std::uint32_t value_bytes;
  };

  std::string arena_;
  std::vector<Line> lines_;
};

class Headers::Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Field;

  Iterator() = default;
  Iterator(const Headers* headers, std::size_t index) : headers_(headers), index_(index) {}

  Field operator*() const noexcept { return (*headers_)[index_]; }
  Iterator& operator++() noexcept {
    ++index_;
    return *this;
  }
  Iterator operator++(int) noexcept {
    Iterator before = *this;
    ++index_;
    return before;
  }
  friend bool operator==(const Iterator&, const Iterator&) = default;

 private:
  const Headers* headers_ = nullptr;
  std::size_t index_ = 0;
};

inline Headers::Iterator Headers::begin() const noexcept { return {this, 0}; }
inline Headers::Iterator Headers::end() const noexcept { return {this, size()}; }

}  // namespace headrace
