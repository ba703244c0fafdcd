#include "tests/sim/runner.hpp"

#include <atomic>
#include <csignal>
#include <iostream>
#include <random>

#include "tests/sim/simulation.hpp"
#include "tests/sim/trace.hpp"

namespace headrace::sim {
namespace {

constexpr std::uint64_t fresh_seeds = 500;

std::atomic<bool> interrupted = false;
void interrupt(int) { interrupted = true; }

// The one place that is not deterministic: it chooses seeds, and prints what it chose.
std::uint64_t fresh_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  return (high << 20U ^ device()) & 0xffff'ffff'ffffU;
}

void tell_failure(std::uint64_t seed, const Outcome& outcome) {
  std::cout << "seed " << seed << ": " << outcome.broken << "\nThe end of its trace:\n";
  for (const std::string& line : outcome.trace) std::cout << "  " << line;
  std::cout << "To play it again: test_sim --seed " << seed << " --trace\n" << std::flush;
}

bool require_probes(const Probes& probes) {
  const auto missed = probes.missed();
  for (const Probe probe : missed)
    std::cout << "probe not hit: " << name_of(probe)
              << " (the simulator no longer gets there, or the engine does it no more)\n";
  return missed.empty();
}

int run_all() {
  Runner fixed(false);
  if (!fixed.play(1, 2000)) return 1;
  if (!require_probes(fixed.probes())) return 1;
  Runner fresh(false);
  const std::uint64_t first = fresh_seed();
  std::cout << "2000 fixed seeds hold; now --from " << first << " --to " << first + fresh_seeds - 1
            << "\n"
            << std::flush;
  return fresh.play(first, first + fresh_seeds - 1) ? 0 : 1;
}

int run_soak() {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  Runner runner(false);
  std::uint64_t seed = fresh_seed();
  std::cout << "from seed " << seed << "\n" << std::flush;
  while (!interrupted)
    if (!runner.play(seed++)) return 1;
  std::cout << runner.played() << " schedules, every promise held\n";
  return 0;
}

int run_canary(const Arguments& arguments) {
  for (std::uint64_t seed = arguments.from; seed <= arguments.to; ++seed) {
    const Outcome outcome = play_seed(seed, Trace::Keep::tail);
    if (outcome.broken.empty()) continue;
    std::cout << "found by seed " << seed << ": " << outcome.broken << "\n";
    return 0;
  }
  std::cout << "the planted defect was not found\n";
  return 1;
}

}  // namespace

bool Runner::play(std::uint64_t seed) {
  const Outcome outcome = play_seed(seed, trace_ ? Trace::Keep::everything : Trace::Keep::tail);
  ++played_;
  hash_ = mix(hash_, hexadecimal(outcome.hash));
  probes_.add(outcome.probes);
  if (!outcome.broken.empty()) {
    tell_failure(seed, outcome);
  } else if (trace_) {
    for (const std::string& line : outcome.trace) std::cout << line;
  }
  return outcome.broken.empty();
}

bool Runner::play(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t seed = from; seed <= to; ++seed)
    if (!play(seed)) return false;
  return true;
}

int run(const Arguments& arguments) {
  Runner runner(arguments.trace);
  switch (arguments.mode) {
    case Arguments::Mode::full:
      return run_all();
    case Arguments::Mode::soak:
      return run_soak();
    case Arguments::Mode::canary:
      return run_canary(arguments);
    case Arguments::Mode::seeds:
      return runner.play(arguments.from, arguments.to) ? 0 : 1;
    case Arguments::Mode::hash:
      if (!runner.play(arguments.from, arguments.to)) return 1;
      std::cout << hexadecimal(runner.hash()) << "\n";
      return 0;
  }
  return 2;
}

}  // namespace headrace::sim
