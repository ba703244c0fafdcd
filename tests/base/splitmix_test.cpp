#include "engine/base/splitmix.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a seed gives the numbers that the published SplitMix64 gives") {
  headrace::SplitMix random(1234567);
  CHECK(random() == 6457827717110365317U);
  CHECK(random() == 3203168211198807973U);
  CHECK(random() == 9817491932198370423U);
}

TEST_CASE("another seed gives other numbers") {
  CHECK(headrace::SplitMix(1)() != headrace::SplitMix(2)());
}
