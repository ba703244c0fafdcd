#pragma once

#include <cstdint>

// A program that counter.cpp is linked into counts what operator new is asked for, on all threads.
namespace headrace::test {

/// How often so far.
std::uint64_t allocations() noexcept;

/// What is allocated now, in bytes that can be used.
std::uint64_t bytes_held() noexcept;

/// The largest block that this thread has allocated since it last asked, in bytes.
std::uint64_t take_largest_block() noexcept;

/// How often this thread allocates meanwhile is not counted.
class Uncounted {
 public:
  Uncounted() noexcept;
  ~Uncounted();
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;
};

}  // namespace headrace::test
