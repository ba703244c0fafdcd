#include "tests/allocations/counter.hpp"

#include <atomic>

#include "tests/support/every_new.hpp"

namespace headrace::test {
namespace {

std::atomic<std::uint64_t> counted{0};
thread_local unsigned uncounted = 0;

}  // namespace

bool may_allocate() noexcept {
  if (uncounted == 0) counted.fetch_add(1, std::memory_order_relaxed);
  return true;
}

std::uint64_t allocations() noexcept { return counted.load(std::memory_order_relaxed); }

Uncounted::Uncounted() noexcept { ++uncounted; }
Uncounted::~Uncounted() { --uncounted; }

}  // namespace headrace::test
