// Pipelines that fell silent with requests waiting behind their head (S22, S28).

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

// Silent for longer than the origin usually is: whoever waits behind the head moves where there is
// room now, and the head stays. Nobody is to blame.
void Core::Impl::relieve(Connection& connection) {
  OriginState& origin = *origins_.find(connection.origin);
  const Duration patience = origin.times.patience().value_or(options_.hang_timeout);
  connection.next_look = now_ + std::max(patience, limits::patience_least) / 4;
  const std::size_t room = room_elsewhere(origin, connection);
  if (move_followers(connection, connection.held + 1, room) > 0) connection.shunned = true;
}

// Places that would be taken at once, or soon, on connections that are not silent themselves.
std::size_t Core::Impl::room_elsewhere(const OriginState& origin,
                                       const Connection& connection) const {
  const Duration patience = origin.times.patience().value_or(options_.hang_timeout);
  const std::size_t made =
      std::min<std::size_t>(options_.connections_max, origin.connections.size());
  std::size_t room = origin.failures == 0 ? options_.connections_max - made : 0;
  for (const ConnectionId id : origin.connections) {
    const Connection& other = *connections_.find(id);
    const PipelineFacts known = facts(origin, other);
    const bool silent = other.head() != nullptr && now_ - other.silent_since() > patience;
    if (id == connection.id || silent || !admits(known, true)) continue;
    room += known.depth - std::min(known.depth, known.outstanding);
  }
  return room - std::min(room, origin.waiting());
}

// S22: silent for so long that its requests are not left there. The head keeps its place if the
// server had nothing else of ours to do when it came; one that was written behind others may have
// been dropped, and is tried alone.
void Core::Impl::evict_hung(Connection& connection) {
  OriginState& origin = *origins_.find(connection.origin);
  ++origin.counters.hung;
  connection.next_look = now_ + options_.hang_timeout;
  connection.shunned = true;
  const bool dropped = connection.head()->behind;
  if (dropped) suspect_head(connection);
  move_followers(connection, dropped ? 0 : connection.held + 1, connection.pipeline.size());
  const bool wanted = std::ranges::any_of(
      connection.pipeline, [](const PipelineEntry& entry) { return bool{entry.exchange}; });
  if (!wanted)
    lose(connection,
         {.detail = "the connection fell silent with requests waiting on it",
          .charge_head = false,
          .trouble = false},
         true);
}

void Core::Impl::suspect_head(Connection& connection) {
  Exchange* exchange = exchanges_.find(connection.head()->exchange);
  if (exchange == nullptr) return;
  exchange->prepared.traits.pipelinable = false;
  if (std::exchange(exchange->suspected, true)) return;
  origins_.find(connection.origin)->profile.on_suspected();
}

// Takes up to `count` of the written requests from `first` on back to the queue, but leaves their
// places: an answer may come. Answers that were held back are forgotten. Those that were not
// written go in any case.
std::size_t Core::Impl::move_followers(Connection& connection, std::size_t first,
                                       std::size_t count) {
  OriginState& origin = *origins_.find(connection.origin);
  std::vector<Exchange*> moved;
  for (std::size_t i = first; i < connection.written && moved.size() < count; ++i) {
    PipelineEntry& entry = connection.pipeline[i];
    Exchange* exchange = exchanges_.find(entry.exchange);
    if (exchange == nullptr) continue;
    if (exchange->moves >= moves_max() || !origin.resends.take(now_)) break;
    const bool answered = entry.held || exchange->answering;
    exchange->progress =
        std::max(exchange->progress, answered ? Progress::responding : Progress::sent);
    ++exchange->moves;
    ++origin.counters.moved_hung;
    entry.exchange = {};
    entry.held.reset();
    moved.push_back(exchange);
  }
  take_back_unwritten(connection, moved);
  send_again(moved);
  return moved.size();
}

void Core::Impl::take_back_unwritten(Connection& connection, std::vector<Exchange*>& taken) {
  for (std::size_t i = connection.written; i < connection.pipeline.size(); ++i)
    taken.push_back(exchanges_.find(connection.pipeline[i].exchange));
  const std::size_t count = connection.pipeline.size() - connection.written;
  connection.pipeline.resize(connection.written);
  connection.placed -= static_cast<unsigned>(count);
  origins_.find(connection.origin)->counters.moved_unwritten += count;
}

}  // namespace headrace::core
