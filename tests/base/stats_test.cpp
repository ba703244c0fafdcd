#include "headrace/stats.hpp"

#include "tests/support/catch.hpp"

using headrace::Histogram;
using namespace std::chrono_literals;

TEST_CASE("S46: a histogram counts by powers of two of a microsecond") {
  Histogram histogram;
  for (const auto duration : {0ns, 999ns, 1000ns, 1999ns, 2000ns, 3999ns}) histogram.add(duration);
  CHECK(histogram.buckets[0] == 2);
  CHECK(histogram.buckets[1] == 2);
  CHECK(histogram.buckets[2] == 2);
  CHECK(histogram.count == 6);
  CHECK(histogram.sum == 9997ns);
  histogram.add(std::chrono::hours(24 * 365));
  histogram.add(-1ns);
  CHECK(histogram.buckets[Histogram::bucket_count - 1] == 1);
  CHECK(histogram.buckets[0] == 3);
}

TEST_CASE("S46: a quantile is the bound of the bucket that it lies in") {
  Histogram histogram;
  CHECK(histogram.quantile(0.5) == 0ns);
  for (int i = 0; i < 90; ++i) histogram.add(500us);
  for (int i = 0; i < 10; ++i) histogram.add(30ms);
  CHECK(histogram.quantile(0) == 512us);
  CHECK(histogram.quantile(0.5) == 512us);
  CHECK(histogram.quantile(0.9) == 512us);
  CHECK(histogram.quantile(0.91) == 32768us);
  CHECK(histogram.quantile(1) == 32768us);
}
