#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/instant.hpp"

namespace headrace::sim {

// What can happen outside the core.
enum class EventKind : std::uint8_t {
  submit,     // the caller: request `number`
  cancel,     // the caller: request `number`, complete or not
  shut_down,  // the caller
  calm,       // the faults end
  connected,  // a dial: TCP is there, the handshake begins
  dialled,    // a dial: its outcome
  accept,     // the kernel takes some of what is being written
  report,     // ... and the core is told only now
  arrive,     // `bytes` reach the server
  serve,      // the server is done with the oldest request it has
  noise,      // the server says something unasked
  deliver,    // `bytes` reach the core
  end,        // the server's FIN reaches the core
  reset,      // a reset reaches the core
};

struct Event {
  EventKind kind;
  std::size_t link = 0;  // the connection's ordinal
  std::size_t number = 0;
  std::string bytes = {};
};

// Events in the order of their time; those of one instant in the order in which they were added.
class Agenda {
 public:
  void add(Instant at, Event event) { events_.emplace(at, std::move(event)); }

  bool empty() const { return events_.empty(); }
  std::optional<Instant> earliest() const {
    if (events_.empty()) return std::nullopt;
    return events_.begin()->first;
  }
  std::optional<Event> take_due(Instant now) {
    if (events_.empty() || events_.begin()->first > now) return std::nullopt;
    return std::move(events_.extract(events_.begin()).mapped());
  }

 private:
  std::multimap<Instant, Event> events_;
};

}  // namespace headrace::sim
