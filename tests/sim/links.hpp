#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

#include "tests/sim/link.hpp"

namespace headrace::sim {

// All connections there have been. They stay where they are; ordinals begin at 1.
class Links {
 public:
  Link& add(World& world, ConnectionId id, std::size_t origin) {
    Link& link = links_.emplace_back(world, links_.size() + 1, id, origin);
    ordinals_[id.generation] = link.ordinal;
    return link;
  }
  Link& at(std::size_t ordinal) { return links_.at(ordinal - 1); }
  Link* find(ConnectionId id) { return find(id.generation); }
  // By what answers call a connection.
  Link* find(std::uint64_t name) {
    const auto found = ordinals_.find(name);
    return found == ordinals_.end() ? nullptr : &at(found->second);
  }

  std::size_t alive() const {
    return count([](const Link&) { return true; });
  }
  std::size_t alive_at(std::size_t origin) const {
    return count([&](const Link& link) { return link.origin == origin; });
  }

  auto begin() { return links_.begin(); }
  auto end() { return links_.end(); }

 private:
  template <class Condition>
  std::size_t count(Condition condition) const {
    std::size_t number = 0;
    for (const Link& link : links_)
      if (link.life != LinkLife::gone && condition(link)) ++number;
    return number;
  }

  std::deque<Link> links_;
  std::map<std::uint64_t, std::size_t> ordinals_;  // by Response::connection_id
};

}  // namespace headrace::sim
