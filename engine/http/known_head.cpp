#include "engine/http/known_head.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace headrace::http {
namespace {

constexpr bool little_endian = std::endian::native == std::endian::little;

std::uint64_t word(Bytes bytes, std::size_t at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

// How many bytes both begin with.
std::size_t common(Bytes left, Bytes right) noexcept {
  const std::size_t most = std::min(left.size(), right.size());
  std::size_t at = 0;
  for (; most - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    const std::uint64_t unlike = word(left, at) ^ word(right, at);
    if (unlike == 0) continue;
    const int bits = little_endian ? std::countr_zero(unlike) : std::countl_zero(unlike);
    return at + static_cast<std::size_t>(bits) / 8;
  }
  while (at < most && left[at] == right[at]) ++at;
  return at;
}

// Behind the line that begins there; 0 when it is not there as a whole.
std::size_t end_of_line(Bytes bytes, std::size_t at) noexcept { return bytes.find('\n', at) + 1; }

// The status line and the first field count as one: what comes before the one is not what comes
// before the others.
std::size_t end_of_unit(Bytes head, std::size_t at) noexcept {
  const std::size_t end = end_of_line(head, at);
  return at == 0 && end != 0 ? end_of_line(head, end) : end;
}

// Padding that differs costs a look, no more.
bool equal(const llhttp_t& left, const llhttp_t& right) noexcept {
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
  return std::memcmp(&left, &right, sizeof left) == 0;
}

}  // namespace

KnownHead::Read KnownHead::read(Bytes head, llhttp_t& parser, FieldCollector& fields) {
  constexpr unsigned alone_max = 4;  // a line that is shown alone costs half as much again
  std::size_t at = 0;
  std::size_t line = 0;  // of those known
  came_again_ = false;
  for (unsigned alone = 0;; ++alone) {
    at += take_known(head.substr(at), line, at, fields);
    proven_ = at;
    if (at > 0)
      parser = between_;
    else
      llhttp_reset(&parser);
    const std::size_t end = end_of_unit(head, at);
    if (at > 0 && ends_ && head.substr(at).starts_with("\r\n"))
      return {.bytes = at + 2, .complete = true};
    if (end == 0 || alone == alone_max || head[at] == '\r') return {.bytes = at};

    const llhttp_errno_t code = llhttp_execute(&parser, head.data() + at, end - at);
    if (code != HPE_OK) return {.bytes = at, .code = code};
    if (!equal(parser, between_)) {
      if (at > 0) return {.bytes = end};
      forget();
      between_ = parser;
      ends_ = false;
    }
    at = end;
    if (line < places_.size()) ++line;
  }
}

// Gives the bytes of those lines that are here as they were in the last head, from `line` on. They
// are never more than it had, so a limit on their number that it kept needs no look.
std::size_t KnownHead::take_known(Bytes bytes, std::size_t& line, std::size_t at,
                                  FieldCollector& fields) const {
  if (line == places_.size()) return 0;
  const std::size_t begin = line == 0 ? 0 : places_[line].name_at;
  const std::size_t same = begin + common(bytes, Bytes{text_}.substr(begin));
  const std::size_t first = line;
  while (line < places_.size() && line_end(line) <= same) ++line;
  fields.add_lines(places_.data() + first, places_.data() + line, at - begin);
  return line > first ? line_end(line - 1) - begin : 0;
}

void KnownHead::remember(Bytes head, const FieldCollector& fields) {
  constexpr std::size_t bytes_max = 1024;  // a connection's memory; most heads have a third
  Bytes lines = head.substr(0, proven_);
  ends_ = ends_ || proven_ + 2 == head.size();
  if (proven_ > bytes_max) lines = lines.substr(0, lines.rfind('\n', bytes_max - 1) + 1);
  came_again_ = lines == text_ && head.size() == bytes();
  if (came_again_) return;
  forget();
  text_ = lines;
  places_ = fields.lines();
  while (!places_.empty() && places_.back().name_at >= lines.size()) places_.pop_back();
}

void KnownHead::forget() noexcept {
  text_.clear();
  places_.clear();
  known_.reset();
}

}  // namespace headrace::http
