#include "tests/sim/link.hpp"

#include <algorithm>

#include "tests/sim/server.hpp"

namespace headrace::sim {

Link::Link(World& its_world, std::size_t its_ordinal, ConnectionId its_id, std::size_t its_origin)
    : world(its_world), ordinal(its_ordinal), id(its_id), origin(its_origin) {
  dialled = world.now;
  Dice& dice = world.network_dice;
  latency_ = dice.up_to(world.swarm.faults.latency_max);
  const bool resets = dice.chance(world.swarm.faults.resets);
  const std::size_t at = dice.below(dice.chance(50) ? 300 : 2000);
  const bool upwards = dice.chance(50);
  delivers_singly = dice.chance(world.swarm.faults.tiny_chunks) && !world.calm;
  if (!resets || world.calm) return;
  (upwards ? reset_when_accepted : reset_when_delivered) = at;
}

Link::~Link() = default;

void Link::in(Duration delay, EventKind kind) {
  world.agenda.add(world.now + delay, {.kind = kind, .link = ordinal});
}

// Now and then the whole direction stands still for a while; those behind wait, others overtake.
Instant Link::arrival(Instant& clear) {
  Dice& dice = world.network_dice;
  Duration delay = latency_ + dice.up_to(world.swarm.faults.latency_max / 4);
  if (!world.calm && dice.chance(world.swarm.faults.clogs))
    delay += dice.up_to(std::chrono::seconds(3));
  clear = std::max(clear, world.now + delay);
  return clear;
}

std::size_t Link::cut(std::size_t most) {
  Dice& dice = world.network_dice;
  if (delivers_singly && !world.calm) return dice.between(1, std::min<std::size_t>(most, 3));
  return dice.chance(50) ? most : dice.between(1, most);
}

void Link::send(const Answer& answer, Duration pause_before_body) {
  Mark mark{.answer = answer, .begins = sent_};
  mark.head_ends = sent_ + answer.head.size();
  const bool endless = answer.until_close || answer.truncated;
  mark.ends = endless ? nobody : mark.head_ends + answer.body.size();
  mark.answer.head.clear();
  mark.answer.body.clear();
  record.marks.push_back(std::move(mark));
  send(answer.head);
  down_clear_ = std::max(down_clear_, world.now) + pause_before_body;
  send(answer.body);
}

void Link::send_garbage(Bytes bytes) { send(bytes); }

void Link::send(Bytes bytes) {
  sent_ += bytes.size();
  while (!bytes.empty()) {
    const Bytes part = bytes.substr(0, cut(bytes.size()));
    bytes.remove_prefix(part.size());
    const Instant at = arrival(down_clear_);
    world.agenda.add(at, {EventKind::deliver, ordinal, 0, std::string(part)});
  }
}

void Link::finish() {
  const Instant at = arrival(down_clear_);
  world.agenda.add(at, {.kind = EventKind::end, .link = ordinal});
}

void Link::reset() {
  dead = true;
  in(latency_, EventKind::reset);
}

void Link::take_write(Bytes bytes) {
  held_ = bytes;
  view_ = bytes;
  taken_ = 0;
  in(Duration::zero(), EventKind::accept);
}

// Takes some of the Write, sends it on its way as one segment, and says how much it was.
std::size_t Link::accept() {
  Dice& dice = world.network_dice;
  const NetworkFaults& faults = world.swarm.faults;
  std::size_t count = held_.size() - taken_;
  if (!world.calm && dice.chance(faults.partial_writes)) count = dice.between(1, count);
  if (reset_when_accepted) count = std::min(count, *reset_when_accepted - accepted);
  const Instant at = arrival(up_clear_);
  if (count > 0) world.agenda.add(at, {EventKind::arrive, ordinal, 0, held_.substr(taken_, count)});
  taken_ += count;
  accepted += count;
  Duration pause = dice.up_to(std::chrono::milliseconds(2));
  if (!world.calm && dice.chance(faults.write_stalls)) pause += dice.up_to(std::chrono::seconds(3));
  if (writing()) in(pause, EventKind::accept);
  return count;
}

}  // namespace headrace::sim
