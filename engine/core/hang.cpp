// Pipelines that fell silent with requests waiting behind their head (S22, S28).

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

// Silent for longer than the origin usually is: whoever else waits here moves where there is room
// now, and the head stays. Nobody is to blame.
void Core::Impl::relieve(Connection& connection) {
  OriginState& origin = *connection.origin;
  const Duration patience = origin.times.patience().value_or(options_.hang_timeout);
  connection.slow_look = now_ + patience / 4;
  if (move_others(connection, room_elsewhere(origin, connection)) > 0) connection.shunned = true;
  if (!anybody_else_waits(connection)) connection.slow_look = Instant::max();
}

// Places that would be taken at once, or soon, on connections that are not silent themselves.
std::size_t Core::Impl::room_elsewhere(const OriginState& origin,
                                       const Connection& connection) const {
  const Duration patience = origin.times.patience().value_or(options_.hang_timeout);
  const std::size_t made =
      std::min<std::size_t>(options_.connections_max, origin.connections.size());
  std::size_t room = origin.failures == 0 ? options_.connections_max - made : 0;
  for (const Connection* other : origin.connections) {
    const PipelineFacts known = facts(origin, *other);
    const bool silent = other->head() != nullptr && other->silence_at(now_) > patience;
    if (other == &connection || silent || !admits(known, true)) continue;
    room += known.depth - std::min(known.depth, known.outstanding);
  }
  return room - std::min(room, origin.waiting());
}

// S22: silent for so long that its requests are not left there. The head keeps its place if the
// server had nothing else of ours to do when it came; one that was written behind others may have
// been dropped, and is tried alone.
void Core::Impl::evict_hung(Connection& connection) {
  ++connection.origin->counters.hung;
  connection.shunned = true;
  move_others(connection, connection.pipeline.size());
  if (connection.may_be_dropped()) move_suspect(connection);
  connection.hang_look =
      anybody_else_waits(connection) ? now_ + options_.hang_timeout : Instant::max();
  if (connection.hang_look == Instant::max() && !connection.head()->exchange)
    lose(connection,
         {.detail = "the connection fell silent with requests waiting on it",
          .charge_head = false,
          .trouble = false},
         true);
}

// From now on it travels alone, so that no neighbour waits for what may be slow; what becomes of it
// tells whether it had been dropped.
void Core::Impl::move_suspect(Connection& connection) {
  Exchange* exchange = exchanges_.find(connection.head()->exchange);
  if (exchange == nullptr || !may_move(*exchange)) return;
  exchange->traits.pipelinable = false;
  move(connection, connection.held);
  send_again({exchange});
  if (std::exchange(exchange->course->suspected, true)) return;
  connection.origin->profile.on_suspected();
}

bool Core::Impl::anybody_else_waits(const Connection& connection) const {
  const PipelineEntry* head = connection.head();
  return std::ranges::any_of(connection.pipeline, [&](const PipelineEntry& entry) {
    return &entry != head && bool{entry.exchange};
  });
}

// Takes up to `count` of the written requests but the head back to the queue, and those that were
// not written in any case. Answers that were held back are forgotten: the batch will not be whole
// in time.
std::size_t Core::Impl::move_others(Connection& connection, std::size_t count) {
  std::vector<Exchange*> moved;
  for (std::size_t i = 0; i < connection.written && moved.size() < count; ++i) {
    Exchange* exchange = exchanges_.find(connection.pipeline[i].exchange);
    if (i == connection.held || exchange == nullptr) continue;
    if (!may_move(*exchange)) break;
    move(connection, i);
    moved.push_back(exchange);
  }
  take_back_unwritten(connection, moved);
  if (!moved.empty()) log_moved(connection, moved.size());
  send_again(moved);
  return moved.size();
}

bool Core::Impl::may_move(const Exchange& exchange) {
  return exchange.traits.repeatable && exchange.course->moves < moves_max() &&
         origins_[exchange.origin].resends.available(now_) > 0;
}

// Its place stays: an answer may come, and is read and dropped.
void Core::Impl::move(Connection& connection, std::size_t index) {
  OriginState& origin = *connection.origin;
  PipelineEntry& entry = connection.pipeline[index];
  Exchange& exchange = *exchanges_.find(entry.exchange);
  origin.resends.take(now_);
  ++origin.counters.moved_hung;
  Course& course = *exchange.course;
  ++course.moves;
  exchange.progress =
      std::max(exchange.progress, course.answering ? Progress::responding : Progress::sent);
  entry.exchange = {};
  entry.held.reset();
}

void Core::Impl::take_back_unwritten(Connection& connection, std::vector<Exchange*>& taken) {
  for (std::size_t i = connection.written; i < connection.pipeline.size(); ++i)
    taken.push_back(exchanges_.find(connection.pipeline[i].exchange));
  const std::size_t count = connection.pipeline.size() - connection.written;
  connection.pipeline.truncate(connection.written);
  connection.placed -= static_cast<unsigned>(count);
  connection.origin->counters.moved_unwritten += count;
}

}  // namespace headrace::core
