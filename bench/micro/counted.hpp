#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

#include "tests/allocations/counter.hpp"

namespace headrace::bench {

/// Reports what the iterations between its making and its end allocated, per request. Made right
/// before a benchmark's loop, so that it ends right behind it.
class CountedAllocations {
 public:
  explicit CountedAllocations(benchmark::State& state, std::int64_t requests_per_iteration = 1)
      : state_(state), requests_per_iteration_(requests_per_iteration) {}

  ~CountedAllocations() {
    const std::uint64_t made = test::allocations() - before_;
    const std::int64_t requests = state_.iterations() * requests_per_iteration_;
    state_.SetItemsProcessed(requests);
    state_.counters["allocations"] = static_cast<double>(made) / static_cast<double>(requests);
  }

  CountedAllocations(const CountedAllocations&) = delete;
  CountedAllocations& operator=(const CountedAllocations&) = delete;

 private:
  benchmark::State& state_;
  std::int64_t requests_per_iteration_;
  std::uint64_t before_ = test::allocations();
};

}  // namespace headrace::bench
