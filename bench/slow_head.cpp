// S28: 32 requests over 4 connections of depth 8, with and without one among them that takes a
// second. How much longer do the others wait for it? The worst of several runs is printed, in
// milliseconds; more than 100 is a failure.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "bindings/cli/sample/misbehaving_server.hpp"
#include "headrace/headrace.hpp"

namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t warming = 64;
constexpr std::size_t measured = 32;
constexpr int runs = 10;

// When the answers to 32 requests were there, sorted. The server's `slow`-th request is the slow
// one.
std::vector<double> waits(std::size_t slow) {
  const headrace::sample::MisbehavingServer server(
      *headrace::sample::find_misbehaviour("slow_head"), {.every = slow, .slow = 1000ms});
  headrace::Engine engine({.base_url = server.origin(), .connections_max = 4, .pipeline_depth = 8});
  for (auto& call : engine.submit_all(std::vector<headrace::Request>(warming, {.url = "/warm"})))
    call.get();
  const auto begun = std::chrono::steady_clock::now();
  std::vector<double> waits;
  auto calls = engine.submit_all(std::vector<headrace::Request>(measured, {.url = "/measured"}));
  for (auto& [index, result] : headrace::as_completed(std::move(calls))) {
    if (!result) throw headrace::Exception(result.error());
    waits.push_back(Milliseconds(std::chrono::steady_clock::now() - begun).count());
  }
  return waits;
}

}  // namespace

int main() {
  try {
    double usual = 0, others = 0, slowest = 0;
    for (int run = 0; run < runs; ++run) {
      usual = std::max(usual, waits(warming + 1000).back());
      // Another place in the pipelines each time.
      const std::vector<double> with_slow =
          waits(warming + 1 + static_cast<std::size_t>(run) * measured / runs);
      others = std::max(others, with_slow[measured - 2]);
      slowest = std::max(slowest, with_slow.back());
    }
    std::printf("32 requests on 4 connections of depth 8, %d runs, milliseconds until answered:\n",
                runs);
    std::printf("  all quick          the last  %7.1f\n", usual);
    std::printf("  one takes 1000     the others' last  %7.1f   the slow one  %7.1f\n", others,
                slowest);
    std::printf("  so one slow request made another wait %.1f ms longer at most\n", others - usual);
    return others - usual <= 100 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_slow_head: %s\n", error.what());
    return 1;
  }
}
