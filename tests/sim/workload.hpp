#pragma once

#include <cstddef>

#include "engine/core/core.hpp"
#include "tests/sim/judge.hpp"
#include "tests/sim/world.hpp"

namespace headrace::sim {

// The callers: what they ask for, when they give up, when they shut down.
class Workload {
 public:
  Workload(World& world, Judge& judge, core::Core& core);

  void handle(const Event& event);

 private:
  void plan_call(Instant at);
  Request draw_request(std::size_t number, std::size_t origin);
  void draw_traits(Request& request);
  void submit(Call& call);
  void cancel(Call& call);
  void shut_down();

  World& world_;
  Judge& judge_;
  core::Core& core_;
};

}  // namespace headrace::sim
