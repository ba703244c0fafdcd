#include "engine/core/dialling.hpp"

#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::dial_as_needed(OriginState& origin) {
  if (origin.failures > 0 && now_ > origin.redial_at + limits::redial_last) origin.failures = 0;
  const auto facts = [&] {
    return DialFacts{.waiting = allowance(origin),
                     .dialling = origin.dialling,
                     .connections = origin.connections.size(),
                     .connections_max = options_.connections_max,
                     .backing_off = origin.failures > 0 && now_ < origin.redial_at,
                     .failing = origin.failures > 0,
                     .connected = origin.connected};
  };
  while (should_dial(facts())) {
    if (!make_room_for_connection()) {
      starved_ = true;
      return;
    }
    dial(origin);
  }
  if (facts().backing_off && origin.waiting() > 0) look_again_at(origin, origin.redial_at);
}

// S26. Under the engine's total, an origin that needs a connection may have the one that another
// has not used for longest.
bool Core::Impl::make_room_for_connection() {
  if (connections_.size() < options_.connections_total_max) return true;
  Connection* stalest = nullptr;
  connections_.for_each([&](Connection& connection) {
    if (!connection.is_idle() || connection.origin->waiting() > 0) return;
    if (stalest == nullptr || connection.idle_since < stalest->idle_since) stalest = &connection;
  });
  if (stalest == nullptr) return false;
  erase(*stalest, true);
  return true;
}

void Core::Impl::dial(OriginState& origin) {
  Connection& connection = connections_.emplace(origin, reader_limits_);
  const ConnectionId id = connection.id;
  connection.dialled = now_;
  connection.timer = Timer(TimerKind::connection, id.index);
  origin.connections.push_back(&connection);
  ++origin.dialling;
  actions_.emplace_back(
      Dial{id, std::shared_ptr<const http::Origin>(origin.site, &origin.site->origin)});
  log_connection(LogLevel::debug, connection, "connecting");
  watch(connection);
}

void Core::Impl::on_connected(Instant now, ConnectionId id) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->life != ConnectionLife::dialling) return;
  connection->connected = now;
  watch(*connection);
}

void Core::Impl::on_dialled(Instant now, ConnectionId id, Result<void> outcome) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->life != ConnectionLife::dialling) return;
  if (!outcome) return dial_failed(*connection, outcome.error(), false);

  OriginState& origin = *connection->origin;
  --origin.dialling;
  origin.connected = true;
  origin.failures = 0;
  ++origin.counters.opened;
  log_open(*connection);
  origin.connect_times.add(connection->connected.value_or(now) - connection->dialled);
  if (connection->connected) origin.tls_times.add(now - *connection->connected);
  connection->life = ConnectionLife::open;
  connection->opened = now;
  connection->heard_at = now;
  connection->proven = !origin.profile.must_prove();
  connection->opened_after_trouble = origin.trouble_count;
  connection->requests_max = options_.connection_requests_max;
  connection->idle_limit = options_.idle_timeout;
  if (options_.connection_lifetime > Duration::zero())
    connection->expires = now + jittered(options_.connection_lifetime, jitter_());
  become_idle(*connection);
  touch(origin);
}

// S29. Dials that were under way when one failed count with it, though each is followed by a pause.
// While any connection lives, or is still to come, the queue is its. A failed handshake is not
// tried again: what is wrong with a certificate stays wrong, as does what a proxy refuses.
void Core::Impl::dial_failed(Connection& connection, const Error& error, bool close) {
  OriginState& origin = *connection.origin;
  ++origin.counters.dial_failed;
  const bool counted = origin.failures > 0 && connection.dialled <= origin.failed_at;
  const ConnectionId id = connection.id;
  erase(connection, close);
  touch(origin);
  if (!counted) {
    ++origin.failures;
    origin.failed_at = now_;
  }
  origin.redial_at = now_ + redial_pause(origin.failures, jitter_());
  const bool lasting = error.code == ErrorCode::tls_failed || error.code == ErrorCode::proxy_failed;
  const bool enough = lasting || origin.failures >= options_.connect_attempts;
  const bool over = enough && origin.connections.empty();
  log_dial_failed(origin, id, error, over ? origin.waiting() : 0);
  if (over) fail_queue(origin, error);
}

void Core::Impl::fail_queue(OriginState& origin, const Error& why) {
  while (origin.waiting() > 0) {
    Exchange& exchange = *(origin.solo_is_older() ? origin.solo : origin.pipelinable).front();
    Error error = error_for(exchange, why.code, why.detail);
    error.phase = why.phase;
    error.system_code = why.system_code;
    dequeue(origin, exchange);
    complete(exchange, std::unexpected(std::move(error)));
  }
}

// Its pipeline must be empty. `close` asks the shell to close, where the shell has not told us that
// it is gone.
void Core::Impl::erase(Connection& connection, bool close) {
  OriginState& origin = *connection.origin;
  const ConnectionId id = connection.id;
  log_closed(connection);
  close = close && connection.known;
  if (connection.life == ConnectionLife::dialling) --origin.dialling;
  if (origin.reserved == id) origin.reserved = {};
  if (origin.trial == id) origin.trial = {};
  std::erase(origin.connections, &connection);
  timers_.clear(connection.timer);
  retired_.push_back(std::move(connection.writing));
  connections_.erase(connection);
  if (close) actions_.emplace_back(Close{id});
  touch(origin);
  wake_starved();
}

// A connection was closed or became idle: whoever waits for a place under the engine's total may
// have one now.
void Core::Impl::wake_starved() {
  if (!std::exchange(starved_, false)) return;
  origins_.for_each([&](OriginState& origin) {
    if (origin.waiting() > 0) touch(origin);
  });
}

// Its pipeline is empty. False when that was its end: it may carry nothing more (S30).
bool Core::Impl::become_idle(Connection& connection) {
  connection.idle_since = now_;
  connection.shunned = false;
  connection.probation = connection.batch_closed = connection.batch_proves = false;
  if (worn_out(*connection.origin, connection)) {
    erase(connection, true);
    return false;
  }
  watch(connection);
  wake_starved();
  return true;
}

}  // namespace headrace::core
