// One timer per connection for everything that may take too long there (S21, S22, S24, S30). It is
// set to the earliest of the limits, or earlier: when it fires they are looked at anew, so that an
// answer, which puts most of them off, costs the heap nothing.

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

// The earlier of two; a duration of zero is none.
Limit sooner(Limit limit, Overdue what, Instant since, Duration duration) {
  if (duration <= Duration::zero() || since + duration >= limit.at) return limit;
  return {what, since + duration};
}

std::string after(std::chrono::milliseconds limit) {
  return " within " + std::to_string(limit.count()) + " ms";
}

// The first entry that the kernel has not accepted whole; there is one (is_writing).
std::size_t being_written(const Connection& connection) {
  const auto unaccepted = [&](const PipelineEntry& entry) {
    return entry.ends > connection.accepted;
  };
  return std::ranges::find_if(connection.pipeline, unaccepted).index();
}

}  // namespace

// No limit that begins to count now ends before this has passed, but for that of an idle
// connection.
Duration Core::Impl::shortest_limit(const Options& options) {
  Duration shortest = std::min(limits::patience_least, limits::drained_head_max);
  for (const std::chrono::milliseconds limit :
       {options.write_timeout, options.expect_timeout, options.first_byte_timeout,
        options.body_timeout, options.hang_timeout})
    if (limit > Duration::zero()) shortest = std::min<Duration>(shortest, limit);
  return shortest;
}

// For limits that begin now: those from before have their timer.
void Core::Impl::watch_from_now(Connection& connection) {
  const Timer& timer = connection.timer;
  if (!timer.is_set() || timer.at > now_ + shortest_limit_) watch(connection);
}

void Core::Impl::watch(Connection& connection) {
  const Instant at = next_limit(connection).at;
  if (at == Instant::max() || (connection.timer.is_set() && connection.timer.at <= at)) return;
  timers_.set(connection.timer, at);
}

Limit Core::Impl::next_limit(const Connection& connection) const {
  Limit next;
  if (connection.life == ConnectionLife::dialling) {
    next = sooner(next, Overdue::connecting, connection.dialled, options_.connect_timeout);
    if (connection.connected)
      next = sooner(next, Overdue::handshake, *connection.connected, options_.tls_timeout);
    return next;
  }
  if (connection.pipeline.empty()) {
    next = sooner(next, Overdue::idle, connection.idle_since, connection.idle_limit);
    if (connection.expires < next.at) next = {Overdue::idle, connection.expires};
    return next;
  }
  if (connection.is_writing())
    next = sooner(next, Overdue::write, connection.accepted_at, options_.write_timeout);
  const PipelineEntry* head = connection.head();
  if (head == nullptr) return next;
  if (connection.awaits_leave && !connection.is_writing() && !connection.answer_begun)
    next = sooner(next, Overdue::leave, connection.accepted_at, options_.expect_timeout);
  if (!head->exchange)
    return sooner(next, Overdue::draining, connection.drain_since, limits::drained_head_max);
  if (connection.full) return next;  // the server has nothing to do with that
  if (connection.answer_begun)
    next = sooner(next, Overdue::body, connection.heard_at, options_.body_timeout);
  else if (connection.is_awaiting())
    next = sooner(next, Overdue::first_byte, connection.awaited_since, options_.first_byte_timeout);
  const Limit silence = silence_limit(connection);
  return silence.at < next.at ? silence : next;
}

// Of a pipeline with more than its head on it, answers that are held back included, or whose head
// may have been dropped.
Limit Core::Impl::silence_limit(const Connection& connection) const {
  const bool followed = connection.pipeline.size() > 1;
  if (!connection.is_awaiting() || (!followed && !connection.may_be_dropped())) return {};
  const Instant since = std::max(connection.awaited_since, connection.heard_at);
  Limit limit{Overdue::hung, std::max(since + hang_threshold(connection), connection.hang_look)};
  const std::optional<Duration> patience = connection.origin->times.patience();
  if (!followed || !patience) return limit;
  const Instant slow = std::max(since + *patience, connection.slow_look);
  return slow < limit.at ? Limit{Overdue::slow, slow} : limit;
}

// While an origin is on probation little is believed and little lost: a few times what is usual is
// enough to move on.
Duration Core::Impl::hang_threshold(const Connection& connection) const {
  const Duration most = options_.hang_timeout;
  const std::optional<Duration> patience = connection.origin->times.patience();
  return connection.probation && patience ? std::min(most, 5 * *patience) : most;
}

void Core::Impl::on_connection_timer(Connection& connection) {
  const Limit due = next_limit(connection);
  if (due.at > now_) return watch(connection);
  const ConnectionId id = connection.id;
  overrun(connection, due.what);
  if (Connection* alive = connections_.find(id)) watch(*alive);
}

void Core::Impl::overrun(Connection& connection, Overdue what) {
  switch (what) {
    case Overdue::nothing:
      return;
    case Overdue::connecting:
    case Overdue::handshake: {
      const bool dialling = what == Overdue::connecting;
      const auto limit = dialling ? options_.connect_timeout : options_.tls_timeout;
      return dial_failed(
          connection,
          {.code = ErrorCode::connect_timeout,
           .phase = connection.connected ? Phase::tls : Phase::connect,
           .detail = (dialling ? "no connection" : "no TLS handshake") + after(limit)},
          true);
    }
    case Overdue::idle:
      return erase(connection, true);
    case Overdue::write:
      return stall(connection, being_written(connection),
                   "the server took nothing of the request" + after(options_.write_timeout));
    case Overdue::leave:  // RFC 9110 §10.1.1: nobody need wait for ever
      connection.awaits_leave = false;
      return pull(connection);
    case Overdue::first_byte:
      return stall(connection, connection.held,
                   "nothing of the answer came" + after(options_.first_byte_timeout));
    case Overdue::body:
      return stall(connection, connection.held,
                   "nothing more of the answer came" + after(options_.body_timeout));
    case Overdue::draining:
      return give_up_draining(connection);
    case Overdue::slow:
      return relieve(connection);
    case Overdue::hung:
      return evict_hung(connection);
  }
}

// The request that is to blame fails, the connection with it; its neighbours go on elsewhere.
void Core::Impl::stall(Connection& connection, std::size_t index, std::string detail) {
  Exchange* exchange = exchanges_.find(connection.pipeline[index].exchange);
  if (exchange != nullptr) fail(*exchange, ErrorCode::stalled, std::move(detail));
  connection.pipeline[index].exchange = {};
  lose(connection,
       {.detail = "another request on the connection stalled", .ours = true, .charge_head = false},
       true);
}

}  // namespace headrace::core
