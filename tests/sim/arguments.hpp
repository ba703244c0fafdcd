#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace headrace::sim {

// What test_sim was asked to do; without arguments, the full run.
struct Arguments {
  enum class Mode : std::uint8_t { full, seeds, hash, soak, canary };
  Mode mode = Mode::full;
  std::uint64_t from = 1;
  std::uint64_t to = 2000;
  bool trace = false;
};

inline constexpr const char* usage =
    "usage: test_sim                  2000 fixed seeds, 500 fresh ones, and the probes\n"
    "       test_sim --seed N         that one (also HEADRACE_SIM_SEED=N)\n"
    "       test_sim --from A --to B  those\n"
    "       test_sim --hash           the hash of the fixed seeds' traces (with --from, --to)\n"
    "       test_sim --soak           fresh seeds until interrupted (Ctrl-C, then a summary)\n"
    "       test_sim --canary         succeeds when one of seeds 1 to 1000 fails\n"
    "       with --trace all lines are printed\n";

// Nothing when they make no sense.
std::optional<Arguments> parse_arguments(std::span<char* const> given, const char* seed_variable);

}  // namespace headrace::sim
