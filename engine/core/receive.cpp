#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/base/spare_answers.hpp"
#include "engine/core/impl.hpp"
#include "engine/http/keep_alive.hpp"

namespace headrace::core {
namespace {

// S5. A server that gives up waiting may say so with a 408: that one belongs to no request. What is
// cut before its status may be either, and is given the benefit of the doubt.
bool is_extra_answer(Bytes bytes) {
  constexpr std::string_view version = "HTTP/1.1";
  constexpr std::string_view status = " 408";
  return bytes.size() >= version.size() + status.size() &&
         bytes.starts_with(version.substr(0, version.size() - 1)) &&
         bytes.substr(version.size(), status.size()) != status;
}

}  // namespace

bool Core::Impl::on_received(Instant now, ConnectionId id, Bytes bytes) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->life == ConnectionLife::dialling) return true;
  take_events(*connection, bytes);
  Connection* alive = connections_.find(id);
  if (alive == nullptr) return true;
  const bool full = alive->full;
  release_batch(*alive);
  return !full;
}

// The connection may be gone then.
void Core::Impl::take_events(Connection& connection, Bytes bytes) {
  connection.silence = connection.silence_at(now_);
  connection.heard_at = now_;
  while (take_event(connection, bytes)) {
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
      watch(connection);  // its first bytes had put limits off
      if (connection.awaits_leave && connection.reader.head().status == 100) {
        connection.awaits_leave = false;
        flush_soon(connection);
      }
      return true;
    case head:
      return on_answer_head(connection) && take_rest(connection, bytes);
    case body:
      return on_answer_body(connection, event.data);
    case end:
      return on_answer_end(connection, true);
    case failed:
      return on_answer_failed(connection);
  }
  std::unreachable();
}

// Mostly an answer comes in one piece. False as take_event.
bool Core::Impl::take_rest(Connection& connection, Bytes& bytes) {
  const std::optional<Bytes> body = connection.reader.take_rest(bytes);
  if (!body) return true;
  return on_answer_body(connection, *body) && on_answer_end(connection, true);
}

// S3: nothing was asked, so nothing may be said. Requests placed meanwhile were not written and go
// elsewhere.
bool Core::Impl::take_stray_bytes(Connection& connection, Bytes bytes) {
  if (connection.reader.skip_crlfs(bytes)) return false;
  const Loss loss{.code = ErrorCode::desync,
                  .detail = "the server sent bytes that no request had asked for",
                  .charge_head = false,
                  .trouble = false};
  if (is_extra_answer(bytes))
    lose_shifted(connection, loss, "the server sent an answer that no request had asked for");
  else
    lose(connection, loss, true);
  return false;
}

void Core::Impl::note_first_byte(Connection& connection, bool early) {
  connection.answer_begun = true;
  connection.answer_silence += std::exchange(connection.silence, Duration::zero());
  connection.early_answer = early;
  if (options_.body_timeout > Duration::zero()) watch_from_now(connection);
  Exchange* exchange = exchanges_.find(connection.head()->exchange);
  if (exchange == nullptr || exchange->course->answering) return;
  Course& course = *exchange->course;
  course.answering = true;
  course.first_byte_at = now_;
}

bool Core::Impl::on_answer_head(Connection& connection) {
  const PipelineEntry& entry = *connection.head();
  http::ResponseHead& head = connection.reader.head();
  // S4. An error may come before the body is through (413, 401); anything else can't be this
  // request's answer.
  const bool answerable =
      (head.status >= 400 || connection.awaits_leave) && connection.accepted > entry.begins;
  if (connection.early_answer && !answerable) {
    lose_shifted(connection,
                 {.code = ErrorCode::desync,
                  .detail = "the server answered before it had the whole request"},
                 "the server answered a request before it had all of it");
    return false;
  }
  if (head.status == 408 && was_for_idling(connection)) {
    OriginState& origin = *connection.origin;
    lose(connection,
         {.detail = "the server had given up waiting for a request (408)",
          .announced = true,
          .charge_head = false,
          .trouble = false},
         true);
    drop_idle(origin);
    return false;
  }
  connection.head_received = true;
  connection.answer_proves = head.persistent && head.http_minor == 1;
  connection.announced_bytes = head.framing == http::Framing::length ? head.content_length : 0;
  if (head.persistent && head.keep_alive_hint) note_keep_alive(connection, head.headers);
  if (entry.exchange) {
    connection.answer = empty_answer();
    Response& answer = **connection.answer;
    answer.status = head.status;
    answer.http_minor = head.http_minor;
    answer.reason = std::move(head.reason);
    answer.headers = std::move(head.headers);
  }
  if (!head.persistent || entry.last() || head.status == 101 || connection.early_answer)
    make_last(connection);
  if (!entry.exchange && drain_is_hopeless(connection)) {
    give_up_draining(connection);
    return false;
  }
  return !entry.exchange || !entry.streamed || begin_stream(connection);
}

// S3, RFC 9110 §15.5.9. A 408 may have been said to an idle connection and have crossed what was
// just written there, which the server then never looked at. Those who ask once more elsewhere
// learn whether it was meant for them.
bool Core::Impl::was_for_idling(Connection& connection) {
  const PipelineEntry& entry = *connection.head();
  if (connection.answers == 0) return false;
  const Exchange* exchange = exchanges_.find(entry.exchange);
  if (exchange == nullptr) return true;  // nobody waits for it, but those behind it do
  return exchange->traits.repeatable && !exchange->course->pulled &&
         exchange->course->attempts < options_.attempts_max;
}

// S11: whoever stands behind this answer will get none here, through no fault of its own.
void Core::Impl::make_last(Connection& connection) {
  connection.life = ConnectionLife::last_answer;
  evict(connection, connection.held + 1,
        {.detail = "the server closed the connection after another answer",
         .announced = true,
         .charge_head = false});
}

// What the server says of its own limits (RFC 2068 §19.7.1, still sent by most): a second is left
// for what may be under way when it closes (S30).
void Core::Impl::note_keep_alive(Connection& connection, const Headers& headers) {
  const http::KeepAlive hint = http::keep_alive(headers);
  if (hint.timeout) {
    const Duration safe = std::max(*hint.timeout - std::chrono::seconds(1), *hint.timeout / 2);
    connection.idle_limit = std::min<Duration>(options_.idle_timeout, safe);
  }
  if (!hint.max) return;
  const unsigned in_all = connection.answers + 1 + *hint.max;
  if (connection.requests_max == 0 || in_all < connection.requests_max)
    connection.requests_max = in_all;
}

}  // namespace headrace::core
