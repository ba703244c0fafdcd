// A future's life apart from its request: made, completed, consumed.

#include "bench/micro/counted.hpp"
#include "headrace/future.hpp"
#include "tests/api/promise.hpp"

namespace headrace {
namespace {

void wait_for_ready_future(benchmark::State& state) {
  const bench::CountedAllocations counted(state);
  for (auto _ : state) {
    test::Promise<int> promise;
    Future<int> future = promise.future();
    promise.complete(1);
    benchmark::DoNotOptimize(future.wait());
  }
}
BENCHMARK(wait_for_ready_future);

void then_on_ready_future(benchmark::State& state) {
  const bench::CountedAllocations counted(state);
  for (auto _ : state) {
    test::Promise<int> promise;
    Future<int> future = promise.future();
    promise.complete(1);
    future.then([](Result<int> result) { benchmark::DoNotOptimize(result); }).detach();
  }
}
BENCHMARK(then_on_ready_future);

void then_before_completion(benchmark::State& state) {
  const bench::CountedAllocations counted(state);
  for (auto _ : state) {
    test::Promise<int> promise;
    promise.future().then([](Result<int> result) { benchmark::DoNotOptimize(result); }).detach();
    promise.complete(1);
  }
}
BENCHMARK(then_before_completion);

// 25 in one batch, each with a callback: how the loop hands over what a turn brought.
void batch_of_callbacks(benchmark::State& state) {
  constexpr std::size_t size = 25;
  const bench::CountedAllocations counted(state, size);
  for (auto _ : state) {
    std::vector<test::Promise<int>> promises(size);
    for (test::Promise<int>& promise : promises)
      promise.future().then([](Result<int> result) { benchmark::DoNotOptimize(result); }).detach();
    detail::Batch batch;
    for (test::Promise<int>& promise : promises) promise.complete(1, batch);
    batch.deliver();
  }
}
BENCHMARK(batch_of_callbacks);

}  // namespace
}  // namespace headrace
