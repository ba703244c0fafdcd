#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::touch(OriginState& origin) {
  if (origin.dirty) return;
  origin.dirty = true;
  dirty_origins_.push_back(origin.id);
}

// S28: an idle connection; a new one where allowed; the pipeline with the least expected wait; the
// queue. A connection on its way is good for one waiting request, so that as many as there are stay
// in the queue for them instead of standing behind somebody else's.
void Core::Impl::pump(OriginState& origin) {
  origin.profile.refresh(now_);
  if (origin.waiting() > 0) drop_worn_out(origin);
  fill_idle(origin);
  dial_as_needed(origin);
  fill_pipelines(origin);
}

// What is idle and may carry nothing more must not keep others from being dialled: how many
// requests a server takes may have been learned after its last one.
void Core::Impl::drop_worn_out(OriginState& origin) {
  for (std::size_t i = origin.connections.size(); i > 0; --i) {
    Connection& connection = *origin.connections[i - 1];
    if (connection.is_idle() && worn_out(origin, connection)) erase(connection, true);
  }
}

// S3: the server's patience with one was at its end, and the others have waited as long.
void Core::Impl::drop_idle(OriginState& origin) {
  for (std::size_t i = origin.connections.size(); i > 0; --i) {
    Connection& connection = *origin.connections[i - 1];
    if (connection.is_idle()) erase(connection, true);
  }
}

void Core::Impl::fill_idle(OriginState& origin) {
  while (origin.waiting() > 0 && allowance(origin) > 0) {
    Connection* idle = best_idle(origin);
    if (idle == nullptr) return;
    const bool for_solo =
        origin.solo_is_older() || (origin.reserved == idle->id && !origin.solo.empty());
    place(origin, *idle, *(for_solo ? origin.solo : origin.pipelinable).front());
  }
}

void Core::Impl::fill_pipelines(OriginState& origin) {
  reserve_for_solo(origin);
  if (origin.pipelinable.empty()) return;
  note_candidates(origin);
  while (!origin.pipelinable.empty() && allowance(origin) > origin.dialling) {
    const auto best = std::ranges::min_element(candidates_, {}, &Candidate::wait);
    if (best == candidates_.end()) return;
    Connection& connection = *best->connection;
    place(origin, connection, *origin.pipelinable.front());
    reserve_for_solo(origin);
    if (--best->room > 0 && connection.id != origin.reserved && !connection.pipeline.back().last())
      best->wait = wait_at(origin, connection);
    else
      candidates_.erase(best);
    if (origin.profile.on_trial() || origin.reserved) note_candidates(origin);
  }
}

// Where a pipelined request may go now, and how many. Placing one changes only the connection that
// takes it, but for the trial and the reservation, which concern all.
void Core::Impl::note_candidates(const OriginState& origin) {
  candidates_.clear();
  for (Connection* connection : origin.connections) {
    if (connection->pipeline.size() >= options_.pipeline_depth) continue;  // most, when busy
    if (connection->id == origin.reserved) continue;
    const PipelineFacts known = facts(origin, *connection);
    if (admits(known, true))
      candidates_.push_back(
          {connection, wait_at(origin, *connection),
           std::min(known.depth - known.outstanding, requests_left(origin, *connection))});
  }
}

// The oldest request of all needs a connection that owes nothing (S7): without one set aside, a
// steady stream of younger ones would never let a connection run empty.
void Core::Impl::reserve_for_solo(OriginState& origin) {
  if (origin.solo.empty()) origin.reserved = {};
  if (origin.reserved || !origin.solo_is_older() || origin.dialling > 0) return;
  if (const Connection* connection = soonest_idle(origin)) origin.reserved = connection->id;
}

// A proven one before others, then the one used last, so that surplus connections can grow old and
// be closed.
Connection* Core::Impl::best_idle(const OriginState& origin) {
  Connection* best = nullptr;
  for (Connection* connection : origin.connections) {
    const auto rank = [](const Connection& c) { return std::pair(c.proven, c.idle_since); };
    const bool better = best == nullptr || rank(*best) < rank(*connection);
    if (better && connection->is_idle() && facts(origin, *connection).writable) best = connection;
  }
  return best;
}

// Among those that will be idle again and may take something then: the one with the least expected
// wait.
Connection* Core::Impl::soonest_idle(const OriginState& origin) {
  Connection* best = nullptr;
  Duration best_wait = {};
  for (Connection* connection : origin.connections) {
    if (!facts(origin, *connection).writable) continue;
    const Duration wait = wait_at(origin, *connection);
    if (best != nullptr && wait >= best_wait) continue;
    best = connection;
    best_wait = wait;
  }
  return best;
}

PipelineFacts Core::Impl::facts(const OriginState& origin, const Connection& connection) const {
  const bool others_trial =
      origin.profile.on_trial() && origin.trial && origin.trial != connection.id;
  PipelineFacts known = facts_of(connection, others_trial ? 1 : origin.profile.depth());
  // What is paced must leave when it is placed.
  const bool writing = origin.rate && connection.accepted < connection.handed;
  known.writable = known.writable && !writing && !worn_out(origin, connection);
  return known;
}

// S30.
bool Core::Impl::worn_out(const OriginState& origin, const Connection& connection) const {
  return now_ >= connection.expires || requests_left(origin, connection) == 0;
}

// How many more it may be given before it, or the origin's connections as a rule, must end.
std::size_t Core::Impl::requests_left(const OriginState& origin,
                                      const Connection& connection) const {
  std::size_t left = std::numeric_limits<std::size_t>::max();
  for (const unsigned most : {connection.requests_max, origin.profile.requests_max(now_)})
    if (most > 0) left = std::min<std::size_t>(left, most - std::min(most, connection.placed));
  return left;
}

Duration Core::Impl::wait_at(const OriginState& origin, const Connection& connection) const {
  const bool waiting = connection.head() != nullptr;
  return expected_wait({.outstanding = connection.pipeline.size() - connection.held,
                        .head_age = waiting ? now_ - connection.head_since : Duration::zero(),
                        .per_answer = origin.times.per_answer()});
}

void Core::Impl::place(OriginState& origin, Connection& connection, Exchange& exchange) {
  if (!exchange.course) exchange.course = std::make_unique<Course>();
  dequeue(origin, exchange);
  if (origin.reserved == connection.id) origin.reserved = {};
  PipelineEntry& entry = connection.pipeline.add();
  entry.exchange = exchange.id;
  entry.traits = exchange.traits;
  entry.streamed = exchange.streamed;
  exchange.life = ExchangeLife::placed;
  exchange.course->connection = connection.id;
  ++connection.placed;
  if (origin.rate) origin.rate->take(now_);
  if (connection.pipeline.size() > 1 && origin.profile.on_probation()) connection.probation = true;
  if (connection.pipeline.size() > 1 && origin.profile.on_trial()) origin.trial = connection.id;
  flush_soon(connection);
}

}  // namespace headrace::core
