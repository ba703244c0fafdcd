#pragma once

#include <cstdio>
#include <cstdlib>

namespace headrace::fuzz {

// A broken promise stops the fuzzer with the input that broke it.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

}  // namespace headrace::fuzz
