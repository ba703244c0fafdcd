#include "engine/core/token_bucket.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using headrace::core::TokenBucket;
using std::chrono::milliseconds;

namespace {
constexpr Instant start{};
}

TEST_CASE("a token bucket gives its burst at once, then as many a second as it should") {
  TokenBucket bucket(20, 2, start);
  CHECK(bucket.available(start) == 2);
  CHECK(bucket.take(start));
  CHECK(bucket.take(start));
  CHECK_FALSE(bucket.take(start));
  CHECK(bucket.next(start) == start + milliseconds(50));
  CHECK_FALSE(bucket.take(start + milliseconds(50) - Duration(1)));
  CHECK(bucket.take(start + milliseconds(50)));
  CHECK(bucket.available(start + std::chrono::hours(24 * 365 * 100)) == 2);

  std::size_t taken = 0;
  TokenBucket steady(1000, 1, start);
  for (Instant now = start; now < start + std::chrono::seconds(10); now += Duration(123'457))
    taken += steady.take(now) ? 1 : 0;
  CHECK(taken <= 10'001);
  CHECK(taken >= 9'000);
}

TEST_CASE("a token bucket may be slow, and always gives one in the end") {
  TokenBucket bucket(0.5, 0.001, start);
  CHECK(bucket.take(start));
  CHECK(bucket.next(start) == start + std::chrono::seconds(2));
  CHECK(bucket.take(start + std::chrono::seconds(2)));
  TokenBucket dry(0, 1, start);
  CHECK(dry.take(start));
  CHECK(dry.next(start + std::chrono::hours(1)) == Instant::max());
}

TEST_CASE("S16: tokens can be added for each request, and a bucket begin less than full") {
  TokenBucket bucket(0, 100, start);
  bucket.leave(1);
  CHECK(bucket.take(start));
  for (int i = 0; i < 5; ++i) bucket.add(0.2);
  CHECK(bucket.available(start) == 1);
  for (int i = 0; i < 10'000; ++i) bucket.add(0.2);
  CHECK(bucket.available(start) == 100);
}
