#include <cstdint>
#include <cstdio>
#include <string>

#include "fuzz/require.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/simulation.hpp"

// The simulator with the input in the place of chance: every draw, of options, faults, manners and
// moments, takes bytes of it while there are any. All promises of the core are judged (tests/sim).
//
// Input: draws.

using headrace::fuzz::require;
namespace sim = headrace::sim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim::Tape tape{.next = data, .end = data + size};
  sim::Dice::tape = &tape;
  const sim::Outcome outcome = sim::play_seed(1, sim::Trace::Keep::tail);
  sim::Dice::tape = nullptr;
  if (outcome.broken.empty()) return 0;
  for (const std::string& line : outcome.trace) std::fprintf(stderr, "%s\n", line.c_str());
  require(false, outcome.broken.c_str());
  return 0;
}
