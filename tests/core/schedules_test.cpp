#include "tests/core/random_network.hpp"
#include "tests/support/catch.hpp"

// Seeds are fixed, so that a failure here is a failure everywhere; the seed named is enough to play
// it again.
TEST_CASE("S1, S2, S14, S26: hold in 100,000 random schedules, by the server's own count") {
  for (std::uint64_t seed = 1; seed <= 100'000; ++seed) {
    const std::string broken = headrace::test::RandomNetwork(seed).play();
    if (!broken.empty()) FAIL("seed " << seed << ": " << broken);
  }
  SUCCEED();
}
