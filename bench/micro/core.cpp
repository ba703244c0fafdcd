// The core's share of a request, without sockets: submit -> next_action -> on_written ->
// on_received -> completion, with `connections` x `depth` outstanding all the time. An iteration is
// one connection's turn, `depth` requests. Preparing them is paused out of the time and not
// counted.

#include "engine/core/core.hpp"

#include "bench/micro/counted.hpp"
#include "tests/allocations/core_play.hpp"

namespace headrace {
namespace {

constexpr std::size_t batch = 64;  // rounds prepared at once, so that pausing costs little

void core_turns(benchmark::State& state) {
  const auto connections = static_cast<unsigned>(state.range(0));
  const auto depth = static_cast<unsigned>(state.range(1));
  test::CorePlay play(connections, depth, 300);
  std::vector<std::vector<http::Prepared>> rounds;
  const bench::CountedAllocations counted(state, depth);
  for (auto _ : state) {
    if (rounds.empty()) {
      state.PauseTiming();
      const test::Uncounted preparing;
      for (std::size_t i = 0; i < batch; ++i) rounds.push_back(play.prepare_round());
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(play.round(std::move(rounds.back())));
    rounds.pop_back();
  }
}
BENCHMARK(core_turns)
    ->ArgNames({"connections", "depth"})
    ->Args({1, 1})
    ->Args({5, 5})
    ->Args({10, 50});

}  // namespace
}  // namespace headrace
