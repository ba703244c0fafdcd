#include "engine/core/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace headrace::core {
namespace {

// What the counters can hold is far beyond any use: more is cut, not wrapped around.
constexpr double rate_max = 1e9;
constexpr double burst_max = 1e6;

}  // namespace

TokenBucket::TokenBucket(double per_second, double burst, Instant now) noexcept
    : rate_(std::llround(std::clamp(per_second, 0.0, rate_max) * 1000)),
      most_(std::llround(std::clamp(burst, 1.0, burst_max) * static_cast<double>(one))),
      credit_(most_),
      filled_at_(now) {}

std::size_t TokenBucket::available(Instant now) noexcept {
  refill(now);
  return static_cast<std::size_t>(credit_ / one);
}

bool TokenBucket::take(Instant now) noexcept {
  if (available(now) == 0) return false;
  credit_ -= one;
  return true;
}

void TokenBucket::leave(double tokens) noexcept {
  credit_ = std::min<std::int64_t>(credit_, std::llround(tokens * static_cast<double>(one)));
}

Instant TokenBucket::next(Instant now) noexcept {
  if (available(now) > 0) return now;
  if (rate_ == 0) return Instant::max();
  return now + Duration((one - credit_ + rate_ - 1) / rate_);
}

void TokenBucket::refill(Instant now) noexcept {
  const Duration::rep elapsed = (now - filled_at_).count();
  filled_at_ = now;
  if (rate_ == 0) return;
  const std::int64_t until_full = (most_ - credit_) / rate_ + 1;
  credit_ = elapsed >= until_full ? most_ : std::min(most_, credit_ + elapsed * rate_);
}

}  // namespace headrace::core
