#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/bytes.hpp"
#include "engine/base/id.hpp"
#include "tests/sim/record.hpp"
#include "tests/sim/world.hpp"

namespace headrace::sim {

class ServerConnection;

enum class LinkLife : std::uint8_t { dialling, open, gone };  // as the core has been told

// One connection of the virtual network: two streams of bytes that are cut, delayed and broken.
// What the kernel has taken still travels when the core has closed.
class Link {
 public:
  Link(World& world, std::size_t ordinal, ConnectionId id, std::size_t origin);
  ~Link();

  // The server's end.
  void send(const Answer& answer, Duration pause_before_body);
  void send_garbage(Bytes bytes);
  void finish();  // FIN, behind everything that was sent
  void reset();   // soon, and before what is on its way
  void in(Duration delay, EventKind kind);

  // The core's end: how much the kernel takes now, and when it takes more.
  void take_write(Bytes bytes);
  std::size_t accept();
  bool writing() const { return taken_ < held_.size(); }
  bool bytes_stayed() const { return Bytes(held_) == view_; }

  World& world;
  std::size_t ordinal;
  ConnectionId id;
  std::size_t origin;
  LinkLife life = LinkLife::dialling;
  Instant dialled = {};
  std::size_t gone_in = 0;  // the batch in which the core was told that it is gone
  bool dead = false;        // a reset: nothing gets through in any direction

  bool broken_off = false;      // ... and nothing more will be delivered
  std::size_t received_in = 0;  // the batch in which the core last heard from it

  std::size_t accepted = 0;    // bytes of the upward stream that the kernel took
  std::size_t unreported = 0;  // ... of which the core does not know yet
  std::size_t delivered = 0;   // bytes of the downward stream
  std::optional<std::size_t> reset_when_accepted;
  std::optional<std::size_t> reset_when_delivered;
  bool delivers_singly = false;

  Record record;
  std::unique_ptr<ServerConnection> server;

 private:
  void send(Bytes bytes);
  std::size_t cut(std::size_t most);
  Instant arrival(Instant& clear);

  std::string held_;  // the Write under way, as it was given
  Bytes view_;        // ... and where the core keeps it
  std::size_t taken_ = 0;
  std::size_t sent_ = 0;
  Duration latency_ = {};
  Instant up_clear_ = {};  // nothing may arrive before what was sent before it
  Instant down_clear_ = {};
};

}  // namespace headrace::sim
