#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "engine/base/bytes.hpp"
#include "engine/base/instant.hpp"

namespace headrace::sim {

// What happened, a line for each input, action and completion with its virtual time. The hash of
// all lines is what two builds must agree on; nothing that differs between them (addresses, hash
// order, floating point) may get in.
class Trace {
 public:
  enum class Keep : bool { tail, everything };
  explicit Trace(Keep keep) : keep_(keep) {}

  void line(Instant now, std::string_view what);

  std::uint64_t hash() const { return hash_; }
  const std::deque<std::string>& kept() const { return kept_; }
  std::size_t lines() const { return lines_; }

 private:
  static constexpr std::size_t tail_lines = 60;

  Keep keep_;
  std::deque<std::string> kept_;
  std::size_t lines_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

// FNV-1a, begun at `hash`.
std::uint64_t mix(std::uint64_t hash, Bytes bytes);

// The first few bytes, with everything unprintable escaped.
std::string excerpt(Bytes bytes);

std::string hexadecimal(std::uint64_t number);

}  // namespace headrace::sim
