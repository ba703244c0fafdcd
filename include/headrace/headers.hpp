#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headrace/export.hpp"

namespace headrace {

namespace http {
class FieldCollector;
}

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
/// All lines and their bytes live in one allocation, which copies of a received section share.
class HEADRACE_API Headers {
 public:
  class Iterator;

  Headers() = default;
  Headers(std::initializer_list<Field> fields);
  Headers(const Headers& other);
  Headers(Headers&& other) noexcept
      : block_(std::move(other.block_)),
        capacity_(std::exchange(other.capacity_, 0)),
        size_(std::exchange(other.size_, 0)),
        text_bytes_(std::exchange(other.text_bytes_, 0)) {}
  Headers& operator=(const Headers& other) { return *this = Headers(other); }
  Headers& operator=(Headers&& other) noexcept {
    Headers taken(std::move(other));  // which may be this one
    block_ = std::move(taken.block_);
    capacity_ = taken.capacity_;
    size_ = taken.size_;
    text_bytes_ = taken.text_bytes_;
    return *this;
  }
  ~Headers() = default;

  /// Adds a line at the end; a name may occur several times. Nothing is checked here: the engine
  /// checks a request's fields when it is submitted.
  void append(std::string_view name, std::string_view value);

  /// The value of the first line with this name.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  /// All lines of this name joined with ", " (RFC 9110 §5.3). Not for Set-Cookie, whose lines do
  /// not join.
  std::string get_all(std::string_view name) const;

  bool contains(std::string_view name) const noexcept { return get(name).has_value(); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept { *this = Headers(); }

  Field operator[](std::size_t index) const noexcept {
    Line line;
    std::memcpy(&line, block_.get() + index * sizeof line, sizeof line);
    return {.name = {block_end() - line.name_at, line.name_bytes},
            .value = {block_end() - line.value_at, line.value_bytes}};
  }
  Iterator begin() const noexcept;
  Iterator end() const noexcept;

  friend HEADRACE_API bool operator==(const Headers&, const Headers&) noexcept;

 private:
  friend class http::FieldCollector;

  struct Line {
    std::uint32_t name_at = 0;
    std::uint32_t name_bytes = 0;
    std::uint32_t value_at = 0;
    std::uint32_t value_bytes = 0;
  };

  // A section as it was received; the lines say where in it the names and values are.
  void assign(std::string_view section, const std::vector<Line>& lines);

  void copy(const Headers& other) noexcept;
  void make_block(std::size_t bytes);
  std::shared_ptr<char[]> grow(std::size_t text_bytes);
  void add_line(const Line& line) noexcept;
  char* block_end() const noexcept { return block_.get() + capacity_; }
  bool is_full() const noexcept { return size_ * sizeof(Line) + text_bytes_ == capacity_; }

  // Lines from the front of the block on, text from its end downwards. What a line says of places
  // is their distance from the end, so that a larger block changes nothing. A block that is full is
  // never written to again, so it may have several owners; one that has room has one.
  std::shared_ptr<char[]> block_;
  std::uint32_t capacity_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t text_bytes_ = 0;
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
