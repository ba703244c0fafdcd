#pragma once

#include <cstddef>
#include <new>

#include "tests/support/catch.hpp"
#include "tests/torture/failing_new.hpp"

namespace headrace::test {

// Tries it with the first operator new of this thread failing, then the second and so on, until one
// run has had none that fails; then it must not have thrown. Between the runs `look` sees what was
// left, and whether it threw.
template <class Try, class Look>
void for_each_failure(Try try_it, Look look) {
  std::size_t nth = 1;
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    bool threw = false;
    {
      const FailingNew failing(nth);
      try {
        try_it();
      } catch (const std::bad_alloc&) {
        threw = true;
      }
      reached = failing.reached();
    }
    CHECK((reached || !threw));
    look(threw);
    REQUIRE(nth < 10'000);
  }
  CHECK(nth > 2);
}

}  // namespace headrace::test
