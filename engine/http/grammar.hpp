#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "headrace/detail/ascii.hpp"

namespace headrace::http {

// The character classes of RFC 9110 §5.5, §5.6.2.

constexpr bool is_visible(char c) noexcept { return c >= 0x21 && c <= 0x7e; }

// What is looked for in as many bytes as a word has at a time.
template <class Word>
class ByWord {
 public:
  explicit ByWord(const char* text) noexcept { std::memcpy(&word_, text, sizeof word_); }

  // Wherever no byte is over 0x7e, adding does not carry from one byte to the next.
  bool all_visible() const noexcept {
    const bool none_over = ((word_ | (word_ + each)) & high) == 0;
    return none_over && ((word_ + (0x80 - 0x21) * each) & high) == high;
  }
  // Where all are visible. Taking one from each, only a byte that was 0 ends with its high bit set.
  bool has(char visible) const noexcept {
    return (((word_ ^ (static_cast<Word>(visible) * each)) - each) & high) != 0;
  }

 private:
  static constexpr auto each = static_cast<Word>(0x0101010101010101U);
  static constexpr Word high = 0x80 * each;
  Word word_ = 0;
};

// A URL's path is looked at for each request. The last word may be one that begins in another.
template <class Test>
bool every_word(std::string_view text, Test test) noexcept {
  const auto by = [&]<class Word>(Word) {
    const std::size_t last = text.size() - sizeof(Word);
    for (std::size_t at = 0; at < last; at += sizeof(Word))
      if (!test(ByWord<Word>(text.data() + at))) return false;
    return test(ByWord<Word>(text.data() + last));
  };
  if (text.size() >= sizeof(std::uint64_t)) return by(std::uint64_t{});
  if (text.size() >= sizeof(std::uint32_t)) return by(std::uint32_t{});
  for (const char& byte : text)
    if (!test(ByWord<std::uint8_t>(&byte))) return false;
  return true;
}

inline bool is_all_visible(std::string_view text) noexcept {
  return every_word(text, [](const auto& word) { return word.all_visible(); });
}
inline bool is_all_visible_without(char excepted, std::string_view text) noexcept {
  return every_word(text,
                    [&](const auto& word) { return word.all_visible() && !word.has(excepted); });
}

constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

constexpr bool is_token_char(char c) noexcept {
  return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// A byte of a field's value or of a reason phrase: visible, SP, HTAB or obs-text.
constexpr bool is_text_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

constexpr bool is_text(std::string_view text) noexcept {
  return std::ranges::all_of(text, is_text_char);
}

// Calls visit(element) for each element of a comma-separated list (RFC 9110 §5.6.1), without the
// whitespace around it, empty ones included; stops when it gives false.
template <class Visitor>
constexpr void for_each_element(std::string_view list, Visitor&& visit) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (!visit(trimmed(list.substr(0, comma)))) return;
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace headrace::http
