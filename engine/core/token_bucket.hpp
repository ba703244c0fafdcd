#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engine/base/instant.hpp"

namespace headrace::core {

// So many a second, and a bounded number at once: what a caller's requests_per_second and an
// origin's retry budget (S16) have in common. Counts in integers, so that every compiler gives the
// same schedule.
class TokenBucket {
 public:
  // Full at `now`.
  TokenBucket(double per_second, double burst, Instant now) noexcept;

  std::size_t available(Instant now) noexcept;
  bool take(Instant now) noexcept;    // one token, if there is one
  void add(double tokens) noexcept {  // here, so that a constant is made an integer once
    credit_ = std::min(most_, credit_ + static_cast<std::int64_t>(tokens * double{one}));
  }
  void leave(double tokens) noexcept;  // takes what is above
  Instant next(Instant now) noexcept;  // when there will be one; `now` when there is

 private:
  void refill(Instant now) noexcept;

  // In units of 10^-12 tokens: a nanosecond at a thousandth of a token a second.
  static constexpr std::int64_t one = 1'000'000'000'000;

  std::int64_t rate_;  // thousandths of a token a second
  std::int64_t most_;
  std::int64_t credit_;
  Instant filled_at_;
};

}  // namespace headrace::core
