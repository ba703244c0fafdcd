#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "engine/core/core.hpp"
#include "tests/sim/judge.hpp"
#include "tests/sim/links.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/workload.hpp"
#include "tests/sim/world.hpp"

namespace headrace::sim {

// How a seed ended.
struct Outcome {
  std::string broken;  // the first broken promise, or nothing
  std::uint64_t hash = 0;
  std::deque<std::string> trace;
  Probes probes;
  std::string profiles;  // what the core had learned
};

// The real core, a virtual network and model servers, played on one clock. Two phases: in the first
// there are faults and every promise of safety is held against the core; in the second there are
// none, and all that is left has to finish.
class Simulation {
 public:
  Simulation(const Swarm& swarm, std::uint64_t seed, Trace::Keep keep);

  Outcome play();

 private:
  Options with_log(Options options, std::uint64_t seed);
  bool step();
  Instant next_instant();
  void take_events(Instant until);
  void handle(const Event& event);
  void tick();
  void drain();
  void take_parts();
  bool is_over() const;
  bool all_complete() const;
  void require_an_end();
  void finish();

  World world_;
  Links links_;
  Judge judge_;
  core::Core core_;
  Network network_;
  Workload workload_;
  Dice turns_;
  std::optional<Instant> deadline_;  // the core's, for which tick_at_ was drawn
  Instant tick_at_ = {};
  std::size_t turns_without_event_ = 0;
};

// Plays what the seed says: one life, or two, the second of which knows what the first has learned.
Outcome play_seed(std::uint64_t seed, Trace::Keep keep);

}  // namespace headrace::sim
