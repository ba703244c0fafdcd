#pragma once

#include <cstddef>

#include "engine/core/core.hpp"
#include "tests/sim/judge.hpp"
#include "tests/sim/links.hpp"
#include "tests/sim/world.hpp"

namespace headrace::sim {

// The shell's place: performs the core's actions on the virtual network and tells the core what
// becomes of them, in the way engine/io does.
class Network {
 public:
  Network(World& world, Links& links, Judge& judge, core::Core& core)
      : world_(world), links_(links), judge_(judge), core_(core) {}

  void perform(const core::Action& action);
  void handle(const Event& event);
  void calm_down();

 private:
  void dial(const core::Dial& dial);
  void plan_dial(Link& link);
  void write(const core::Write& write);
  void close(const core::Close& close);

  void connected(Link& link);
  void dialled(Link& link, bool fails);
  void accept(Link& link);
  void report(Link& link);
  void arrive(Link& link, Bytes bytes);
  void deliver(Link& link, Bytes bytes);
  void end(Link& link);
  void reset(Link& link);
  void tell_closed(Link& link, Result<void> how);
  Manner draw_manner(std::size_t origin);
  std::size_t origin_of(const http::Origin& origin) const;

  World& world_;
  Links& links_;
  Judge& judge_;
  core::Core& core_;
};

}  // namespace headrace::sim
