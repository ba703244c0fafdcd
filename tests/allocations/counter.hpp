#pragma once

#include <cstdint>

// A program that counter.cpp is linked into counts what operator new is asked for, on all threads.
namespace headrace::test {

/// How often so far.
std::uint64_t allocations() noexcept;

/// What this thread allocates meanwhile is not counted.
class Uncounted {
 public:
  Uncounted() noexcept;
  ~Uncounted();
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;
};

}  // namespace headrace::test
