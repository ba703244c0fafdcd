#include "tests/sim/trace.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "tests/sim/text.hpp"

namespace headrace::sim {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string padded(std::uint64_t number, std::size_t width) {
  std::string figures = std::to_string(number);
  return std::string(width - std::min(width, figures.size()), '0') + figures;
}

// Seconds with six decimals.
std::string stamp(Instant now) {
  const auto micros = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count());
  return text(micros / 1'000'000, ".", padded(micros % 1'000'000, 6));
}

}  // namespace

void Trace::line(Instant now, std::string_view what) {
  std::string whole = text(stamp(now), " ", what, "\n");
  hash_ = mix(hash_, whole);
  ++lines_;
  kept_.push_back(std::move(whole));
  if (keep_ == Keep::tail && kept_.size() > tail_lines) kept_.pop_front();
}

std::uint64_t mix(std::uint64_t hash, Bytes bytes) {
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3U;
  }
  return hash;
}

std::string excerpt(Bytes bytes) {
  std::string shown = "\"";
  for (const char byte : bytes.substr(0, 48)) {
    const auto value = static_cast<unsigned char>(byte);
    if (byte == '\r') {
      shown += "\\r";
    } else if (byte == '\n') {
      shown += "\\n";
    } else if (value < 0x20 || value >= 0x7f) {
      shown.append("\\x").append(1, digits[value >> 4U]).append(1, digits[value & 15U]);
    } else {
      shown += byte;
    }
  }
  return shown + (bytes.size() > 48 ? "\"..." : "\"");
}

std::string hexadecimal(std::uint64_t number) {
  std::string figures(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4U) figures[i] = digits[number & 15U];
  return figures;
}

}  // namespace headrace::sim
