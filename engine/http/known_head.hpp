#pragma once

#include <llhttp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "engine/base/bytes.hpp"
#include "engine/http/field_collector.hpp"

namespace headrace::http {

// The last head of a connection, and the place behind its first lines where llhttp was marked. One
// server's heads are mostly alike up to a length, a tag or the turn of a second, and llhttp's state
// is a function of the bytes it was shown since its reset: a head that begins with the marked lines
// is read from the mark on.
class KnownHead {
 public:
  // How much of a head that begins with these bytes is whole lines of the last one.
  std::size_t shared(Bytes bytes) const noexcept {
    const std::size_t most = std::min(bytes.size(), lines_.size());
    std::size_t at = 0;
    if (marked_ <= most && std::memcmp(bytes.data(), lines_.data(), marked_) == 0) at = marked_;
    if (at == lines_.size()) return at;
    at += common(bytes.substr(at, most - at), Bytes{lines_}.substr(at, most - at));
    return Bytes{lines_}.substr(0, at).rfind('\n') + 1;  // of npos, 0
  }

  // Takes the state behind the mark, if that many bytes are shared. Gives the bytes before it.
  std::size_t resume(std::size_t shared, llhttp_t& parser, FieldCollector& fields) const {
    if (marked_ == 0 || marked_ > shared) return 0;
    fields.resume(places_);
    parser = parser_;
    return marked_;
  }

  // llhttp has read so many bytes of the last head's, all of them whole lines.
  void mark(std::size_t bytes, const llhttp_t& parser, const FieldCollector& fields) {
    marked_ = 0;
    places_ = fields.lines();
    parser_ = parser;
    marked_ = bytes;
  }

  // Of what is remembered, `shared` bytes begin this head, too.
  void remember(Bytes head, std::size_t shared) {
    constexpr std::size_t bytes_max = 1024;  // a connection's memory; most heads have a third
    const Bytes lines = head.substr(0, head.rfind('\n', head.size() - 2) + 1);  // not the blank one
    if (lines.size() == shared && lines.size() == lines_.size()) return;
    if (marked_ > shared) marked_ = 0;
    if (head.size() > bytes_max) return;
    lines_ = lines;
  }

 private:
  // How many bytes both begin with; they are of one size.
  static std::size_t common(Bytes left, Bytes right) noexcept {
    std::size_t at = 0;
    while (left.size() - at >= sizeof(std::uint64_t) && word(left, at) == word(right, at))
      at += sizeof(std::uint64_t);
    while (at < left.size() && left[at] == right[at]) ++at;
    return at;
  }

  static std::uint64_t word(Bytes bytes, std::size_t at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    return word;
  }

  std::string lines_;
  std::size_t marked_ = 0;
  FieldCollector::Lines places_;
  llhttp_t parser_ = {};
};

}  // namespace headrace::http
