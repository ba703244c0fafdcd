#include "tests/allocations/counter.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "tests/support/every_new.hpp"

namespace headrace::test {
namespace {

std::atomic<std::uint64_t> counted{0};
thread_local unsigned uncounted = 0;

std::atomic<std::uint64_t> held{0};
thread_local std::uint64_t largest = 0;

}  // namespace

bool may_allocate() noexcept {
  if (uncounted == 0) counted.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void on_allocated(void* block) noexcept {
  const std::uint64_t bytes = malloc_usable_size(block);
  held.fetch_add(bytes, std::memory_order_relaxed);
  largest = std::max(largest, bytes);
}

void on_freed(void* block) noexcept {
  held.fetch_sub(malloc_usable_size(block), std::memory_order_relaxed);
}

std::uint64_t bytes_held() noexcept { return held.load(std::memory_order_relaxed); }
std::uint64_t take_largest_block() noexcept { return std::exchange(largest, 0); }

std::uint64_t allocations() noexcept { return counted.load(std::memory_order_relaxed); }

Uncounted::Uncounted() noexcept { ++uncounted; }
Uncounted::~Uncounted() { --uncounted; }

}  // namespace headrace::test
