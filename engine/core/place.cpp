#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::touch(OriginState& origin) {
  if (origin.dirty) return;
  origin.dirty = true;
  dirty_origins_.push_back(origin.id);
}

// S28, as far as it goes without learned times: an idle connection; a new one where allowed; the
// least loaded pipeline; the queue. A connection on its way is good for one waiting request, so
// that as many as there are stay in the queue for them instead of standing behind somebody else's.
void Core::Impl::pump(OriginState& origin) {
  fill_idle(origin);
  dial_as_needed(origin);
  fill_pipelines(origin);
}

void Core::Impl::fill_idle(OriginState& origin) {
  while (origin.waiting() > 0) {
    Connection* idle = best_idle(origin);
    if (idle == nullptr) return;
    const bool for_solo =
        origin.solo_is_older() || (origin.reserved == idle->id && !origin.solo.empty());
    place(origin, *idle, *(for_solo ? origin.solo : origin.pipelinable).front());
  }
}

void Core::Impl::fill_pipelines(OriginState& origin) {
  reserve_for_solo(origin);
  while (!origin.pipelinable.empty() && origin.waiting() > origin.dialling) {
    Connection* connection = least_loaded(origin, true);
    if (connection == nullptr) return;
    place(origin, *connection, *origin.pipelinable.front());
    reserve_for_solo(origin);
  }
}

// The oldest request of all needs a connection that owes nothing (S7): without one set aside, a
// steady stream of younger ones would never let a connection run empty.
void Core::Impl::reserve_for_solo(OriginState& origin) {
  if (origin.solo.empty()) origin.reserved = {};
  if (origin.reserved || !origin.solo_is_older() || origin.dialling > 0) return;
  if (const Connection* connection = least_loaded(origin, false)) origin.reserved = connection->id;
}

// A proven one before others, then the one used last, so that surplus connections can grow old and
// be closed.
Connection* Core::Impl::best_idle(const OriginState& origin) {
  Connection* best = nullptr;
  for (const ConnectionId id : origin.connections) {
    Connection* connection = connections_.find(id);
    if (!connection->is_idle()) continue;
    const auto rank = [](const Connection& c) { return std::pair(c.proven, c.idle_since); };
    if (best == nullptr || rank(*best) < rank(*connection)) best = connection;
  }
  return best;
}

// Among connections that could take a pipelined request, or else (`pipelinable` false) among all
// that will be idle again.
Connection* Core::Impl::least_loaded(const OriginState& origin, bool pipelinable) {
  Connection* best = nullptr;
  for (const ConnectionId id : origin.connections) {
    Connection* connection = connections_.find(id);
    const PipelineFacts facts = facts_of(*connection, options_.pipeline_depth);
    const bool fits = pipelinable ? id != origin.reserved && admits(facts, true) : facts.writable;
    if (!fits) continue;
    if (best == nullptr || connection->pipeline.size() < best->pipeline.size()) best = connection;
  }
  return best;
}

void Core::Impl::place(OriginState& origin, Connection& connection, Exchange& exchange) {
  dequeue(origin, exchange);
  if (origin.reserved == connection.id) origin.reserved = {};
  const http::Traits& traits = exchange.prepared.traits;
  connection.pipeline.push_back({.exchange = exchange.id,
                                 .expected = {.head = traits.head, .upgrade = traits.upgrade},
                                 .solo = !traits.pipelinable,
                                 .last = traits.last});
  exchange.life = ExchangeLife::placed;
  exchange.connection = connection.id;
  if (connection.pipeline.size() == 1) timers_.clear(connection.timer);  // no longer idle
  to_flush_.push_back(connection.id);
}

}  // namespace headrace::core
