// Answers that are handed over as they come, no faster than they are read (S8, S13).

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

// The head has come. From here on the request can't be sent again, its deadline has been kept, and
// what is judged by an answer is judged by the head. False when the connection is gone.
bool Core::Impl::begin_stream(Connection& connection) {
  PipelineEntry& entry = *connection.head();
  Exchange& exchange = *exchanges_.find(entry.exchange);
  Response& head = **connection.answer;
  describe(head, connection, exchange);
  if (connection.answers == 0) head.timings.connect = connection.opened - connection.dialled;
  if (refuses(exchange, head)) {
    lose_refused(connection);
    return false;
  }
  if (const int status = head.status; may_ask_again(status)) {
    if (const std::optional<Duration> wait = pause_before_retry(exchange, head)) {
      abandon_written(connection, exchange.id);
      pause(exchange, status, *wait);
      return connections_.find(exchange.course->connection) != nullptr;
    }
  }
  exchange.course->begun = true;
  connection.unread = 0;
  timers_.clear(exchange.timer);
  auto rest = std::make_unique<Result<Response>>();
  (*rest)->status = head.status;
  parts_.push_back(
      {exchange.id, exchange.tag, std::exchange(connection.answer, std::move(rest)), {}});
  return true;
}

void Core::Impl::add_to_stream(Connection& connection, Bytes data) {
  Exchange& exchange = *exchanges_.find(connection.head()->exchange);
  if (parts_.empty() || parts_.back().exchange != exchange.id)
    parts_.push_back({exchange.id, exchange.tag, nullptr, {}});
  parts_.back().body += data;
  connection.unread += data.size();
  if (connection.unread >= limits::stream_bytes_max) connection.full = true;
}

void Core::Impl::on_consumed(Instant now, ExchangeId id, std::size_t count) {
  now_ = now;
  Exchange* exchange = exchanges_.find(id);
  if (exchange == nullptr || !exchange->so_far().begun) return;
  Connection& connection = *connections_.find(exchange->course->connection);
  connection.unread -= std::min(count, connection.unread);
  if (connection.full && connection.unread <= limits::stream_bytes_max / 2) read_on(connection);
}

// The server was kept waiting: its silence begins now.
void Core::Impl::read_on(Connection& connection) {
  connection.full = false;
  connection.heard_at = now_;
  actions_.emplace_back(Read{connection.id});
  watch_from_now(connection);
}

}  // namespace headrace::core
