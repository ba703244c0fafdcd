#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "tests/sim/agenda.hpp"
#include "tests/sim/call.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/probes.hpp"
#include "tests/sim/swarm.hpp"
#include "tests/sim/text.hpp"
#include "tests/sim/trace.hpp"

namespace headrace::sim {

// What all parts of one simulation share.
struct World {
  World(const Swarm& its_swarm, std::uint64_t seed, Trace::Keep keep)
      : swarm(its_swarm),
        trace(keep),
        network_dice(seed ^ 0x6e6574U),
        server_dice(seed ^ 0x737276U),
        workload_dice(seed ^ 0x776f726bU) {}

  // The first broken promise is the one that is told.
  void require(bool holds, std::string_view promise) {
    if (holds || !broken.empty()) return;
    broken = promise;
    trace.line(now, text("BROKEN ", promise));
  }
  void note(std::string_view what) { trace.line(now, what); }
  void hit(Probe probe) { probes.hit(probe); }

  Swarm swarm;
  Instant now = {};
  bool calm = false;  // the second phase: no more faults, new connections are honest and fast
  bool is_shut_down = false;
  std::size_t batch = 0;  // the number of the batch of inputs under way
  Agenda agenda;
  Trace trace;
  Probes probes;
  Dice network_dice;
  Dice server_dice;
  Dice workload_dice;
  std::vector<Call> calls;
  std::string broken;
};

}  // namespace headrace::sim
