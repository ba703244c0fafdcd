#include "headrace/stats.hpp"

#include <algorithm>
#include <bit>

namespace headrace {

void Histogram::add(std::chrono::nanoseconds duration) noexcept {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  const auto width = static_cast<std::size_t>(
      std::bit_width(static_cast<std::uint64_t>(std::max<decltype(us)>(us, 0))));
  ++buckets[std::min(width, bucket_count - 1)];
  ++count;
  sum += duration;
}

std::chrono::nanoseconds Histogram::quantile(double share) const noexcept {
  if (count == 0) return {};
  const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(count);
  std::uint64_t passed = 0;
  std::size_t bucket = 0;
  while (bucket < bucket_count - 1) {
    passed += buckets[bucket];
    if (static_cast<double>(passed) >= wanted && passed > 0) break;
    ++bucket;
  }
  return std::chrono::microseconds(std::uint64_t{1} << bucket);
}

}  // namespace headrace
