#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

// What a SIMD parser may read behind the last byte (Response::body).
constexpr std::size_t padding = 64;

// Grows with what has come, never with what was announced (S36).
void append_padded(std::string& body, Bytes data) {
  const std::size_t needed = body.size() + data.size() + padding;
  if (needed > body.capacity()) body.reserve(std::max(needed, 2 * body.size()));
  body.append(data);
}

}  // namespace

void Core::Impl::on_received(Instant now, ConnectionId id, Bytes bytes) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->life == ConnectionLife::dialling) return;
  while (take_event(*connection, bytes)) {
  }
}

// Takes one event out of the bytes. False when there is none left, or no connection to take it
// from.
bool Core::Impl::take_event(Connection& connection, Bytes& bytes) {
  if (connection.head() == nullptr) return take_stray_bytes(connection, bytes);
  const bool early = connection.accepted < connection.head()->ends;
  const std::size_t before = bytes.size();
  const http::ResponseEvent event = connection.reader.next(bytes);
  if (!connection.answer_begun && bytes.size() < before && connection.reader.in_response())
    note_first_byte(connection, early);

  using enum http::ResponseEvent::Kind;
  switch (event.kind) {
    case need_more:
      return false;
    case informational:
      connection.answer_begun = false;
      return true;
    case head:
      return on_answer_head(connection);
    case body:
      return on_answer_body(connection, event.data);
    case end:
      return on_answer_end(connection, true);
    case failed:
      return on_answer_failed(connection);
  }
  std::unreachable();
}

// S3: nothing was asked, so nothing may be said. Requests placed meanwhile were not written and go
// elsewhere.
bool Core::Impl::take_stray_bytes(Connection& connection, Bytes bytes) {
  if (bytes.find_first_not_of("\r\n") == Bytes::npos) return false;
  lose(connection,
       {.code = ErrorCode::desync,
        .detail = "the server sent bytes that no request had asked for",
        .charge_head = false,
        .trouble = false},
       true);
  return false;
}

void Core::Impl::note_first_byte(Connection& connection, bool early) {
  connection.answer_begun = true;
  connection.early_answer = early;
  Exchange* exchange = exchanges_.find(connection.head()->exchange);
  if (exchange == nullptr || exchange->answering) return;
  exchange->answering = true;
  exchange->first_byte_at = now_;
}

bool Core::Impl::on_answer_head(Connection& connection) {
  const PipelineEntry entry = *connection.head();
  http::ResponseHead& head = connection.reader.head();
  // S4. An error may come before the body is through (413, 401); anything else can't be this
  // request's answer.
  const bool answerable = head.status >= 400 && connection.accepted > entry.begins;
  if (connection.early_answer && !answerable) {
    lose(connection,
         {.code = ErrorCode::desync,
          .detail = "the server answered before it had the whole request"},
         true);
    return false;
  }
  connection.head_received = true;
  connection.answer_proves = head.persistent && head.http_minor == 1;
  connection.announced_bytes = head.framing == http::Framing::length ? head.content_length : 0;
  connection.answer = {};
  connection.answer.status = head.status;
  connection.answer.http_minor = head.http_minor;
  connection.answer.reason = std::move(head.reason);
  connection.answer.headers = std::move(head.headers);
  if (!head.persistent || entry.last || head.status == 101 || connection.early_answer)
    make_last(connection);
  if (!entry.exchange && drain_is_hopeless(connection)) {
    give_up_draining(connection);
    return false;
  }
  return true;
}

// S11: whoever stands behind this answer will get none here, through no fault of its own.
void Core::Impl::make_last(Connection& connection) {
  connection.life = ConnectionLife::last_answer;
  evict(connection, 1,
        {.detail = "the server closed the connection after another answer", .charge_head = false});
}

bool Core::Impl::on_answer_body(Connection& connection, Bytes data) {
  if (connection.head()->exchange) {
    append_padded(connection.answer.body, data);
    return true;
  }
  connection.drained += data.size();
  if (!drain_is_hopeless(connection)) return true;
  give_up_draining(connection);
  return false;
}

bool Core::Impl::on_answer_end(Connection& connection, bool close) {
  const PipelineEntry entry = connection.pipeline.front();
  Exchange* exchange = exchanges_.find(entry.exchange);
  if (exchange != nullptr) {
    Response response = finished_answer(connection, *exchange);
    complete(*exchange, std::move(response));
  } else {
    timers_.clear(connection.timer);  // the limit for an abandoned head
  }
  connection.pipeline.pop_front();
  --connection.written;
  prove(connection);
  touch(*origins_.find(connection.origin));
  if (connection.life == ConnectionLife::last_answer) {
    erase(connection, close);
    return false;
  }
  if (connection.head() != nullptr) {
    expect_answer(connection);
  } else if (connection.pipeline.empty()) {
    arm_idle(connection);
  }
  return true;
}

Response Core::Impl::finished_answer(Connection& connection, const Exchange& exchange) {
  Response response = std::move(connection.answer);
  response.trailers = std::move(connection.reader.trailers());
  response.body.reserve(response.body.size() + padding);
  response.attempts = exchange.attempts;
  response.connection_id = connection.id.number();
  response.timings.queued = exchange.written_at - exchange.submitted;
  response.timings.first_byte = exchange.first_byte_at - exchange.written_at;
  response.timings.total = now_ - exchange.submitted;
  if (!connection.delivered) response.timings.connect = connection.opened - connection.dialled;
  return response;
}

// S9, S10.
void Core::Impl::prove(Connection& connection) {
  OriginState& origin = *origins_.find(connection.origin);
  origin.barren = 0;
  connection.delivered = true;
  connection.proven = connection.answer_proves;
  if (!connection.proven) return;
  origin.profile.proven = true;
  if (connection.opened_after_trouble == origin.trouble_count) origin.profile.caution = false;
}

// S33: a stream that can't be read any further fails the request whose answer it was; the others
// never had a part in it.
bool Core::Impl::on_answer_failed(Connection& connection) {
  const http::WireError error = connection.reader.error();
  if (Exchange* exchange = exchanges_.find(connection.pipeline.front().exchange))
    fail(*exchange, error.code, error.detail);
  connection.pipeline.pop_front();
  --connection.written;
  lose(connection,
       {.detail = "another answer on the connection could not be read", .charge_head = false},
       true);
  return false;
}

}  // namespace headrace::core
