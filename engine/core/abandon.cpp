#include <algorithm>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::cancel(Instant now, ExchangeId id) {
  now_ = now;
  if (Exchange* exchange = exchanges_.find(id))  // stale ids are answered already (S25)
    abandon(*exchange, ErrorCode::cancelled, "the caller cancelled the request");
}

// Completes an exchange that nobody waits for any longer, wherever it is, and leaves its neighbours
// as they are.
void Core::Impl::abandon(Exchange& exchange, ErrorCode code, std::string detail) {
  Error error = error_for(exchange, code, std::move(detail));
  OriginState& origin = origins_[exchange.origin];
  Connection* connection = connections_.find(exchange.so_far().connection);
  switch (exchange.life) {
    case ExchangeLife::queued:
    case ExchangeLife::paused:
      leave_queue(exchange);
      break;
    case ExchangeLife::placed:  // S23: nothing of it was written, so its place can go too
      connection->pipeline.erase(
          std::ranges::find(connection->pipeline, exchange.id, &PipelineEntry::exchange).index());
      --connection->placed;
      after_taking_back(*connection);
      break;
    case ExchangeLife::written:
      abandon_written(*connection, exchange.id);
      break;
  }
  touch(origin);
  complete(exchange, std::unexpected(std::move(error)));
}

// S24: the place stays, so that the answer is read and dropped and the neighbours get theirs.
void Core::Impl::abandon_written(Connection& connection, ExchangeId exchange) {
  const auto entry = std::ranges::find(connection.pipeline, exchange, &PipelineEntry::exchange);
  entry->exchange = {};
  entry->held.reset();
  if (&*entry != connection.head()) return;
  connection.answer.reset();
  connection.drain_since = now_;
  if (entry->open_ended() || drain_is_hopeless(connection)) return give_up_draining(connection);
  if (connection.full) read_on(connection);
  watch(connection);
}

bool Core::Impl::drain_is_hopeless(const Connection& connection) const {
  return std::max(connection.drained, connection.announced_bytes) > limits::drained_bytes_max;
}

void Core::Impl::give_up_draining(Connection& connection) {
  lose(connection,
       {.detail = "the connection was closed rather than read to the end of an answer that nobody "
                  "waits for",
        .charge_head = false,
        .trouble = false},
       true);
}

}  // namespace headrace::core
