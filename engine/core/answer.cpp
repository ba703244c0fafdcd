// Whole answers: who gets them, what they say of the connection, what comes after them.

#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {
bool Core::Impl::on_answer_end(Connection& connection, bool close) {
  PipelineEntry& entry = *connection.head();
  note_answer(connection, entry);
  const bool hold = connection.probation && entry.behind;
  Exchange* exchange = exchanges_.find(entry.exchange);
  if (exchange != nullptr) {
    AnswerPointer answer = finished_answer(connection, *exchange);
    if (exchange->course->begun) {
      complete(*exchange, std::move(answer));
    } else if (refuses(*exchange, **answer)) {
      lose_refused(connection);
      return false;
    } else if (hold) {
      entry.held = std::move(answer);
    } else {
      deliver(*exchange, std::move(answer));
    }
  }
  if (connection.full) read_on(connection);
  connection.batch_closed = connection.probation;
  if (hold) {
    ++connection.held;
  } else {
    connection.pipeline.pop_front();
    --connection.written;
  }
  return after_answer(connection, close);
}

bool Core::Impl::after_answer(Connection& connection, bool close) {
  OriginState& origin = *connection.origin;
  touch(origin);
  if (connection.life == ConnectionLife::last_answer) {
    origin.profile.on_closed_as_announced(now_, connection.answers);
    connection.batch_closed = true;
    release_batch(connection);
    erase(connection, close);
    return false;
  }
  if (connection.head() != nullptr) {
    expect_answer(connection);
    return true;
  }
  return !connection.pipeline.empty() || become_idle(connection);
}

AnswerPointer Core::Impl::finished_answer(Connection& connection, const Exchange& exchange) {
  AnswerPointer answer = std::move(connection.answer);
  Response& response = **answer;
  if (Headers& trailers = connection.reader.trailers(); !trailers.empty())
    response.trailers = std::move(trailers);
  const std::size_t padded = response.body.size() + limits::body_padding;
  if (response.body.capacity() < padded) response.body.reserve(padded);
  describe(response, connection, exchange);
  if (connection.answers == 1) response.timings.connect = connection.opened - connection.dialled;
  return answer;
}

void Core::Impl::describe(Response& answer, const Connection& connection,
                          const Exchange& exchange) const {
  const Course& course = *exchange.course;
  answer.attempts = course.attempts;
  answer.connection_id = public_name(connection.id);
  answer.timings.queued = course.written_at - exchange.submitted;
  answer.timings.first_byte = course.first_byte_at - course.written_at;
  answer.timings.total = now_ - exchange.submitted;
}

// S9, S10, and what the answer says of the origin's speed.
void Core::Impl::note_answer(Connection& connection, const PipelineEntry& entry) {
  OriginState& origin = *connection.origin;
  if (!entry.streamed)  // its reader's pace is not the server's
    origin.times.on_answer(now_ - connection.head_since, connection.answer_silence, !entry.behind);
  origin.barren = 0;
  origin.profile.on_answers(++connection.answers);
  connection.proven = connection.answer_proves;
  if (connection.proven)
    origin.profile.on_good_answer(connection.opened_after_trouble == origin.trouble_count);
  else if (connection.answers == 1)
    origin.profile.on_unfit_answer();
  if (entry.behind && !connection.probation) origin.profile.on_follower_answered();
}

// S33: a stream that can't be read any further fails the request whose answer it was; the others
// never had a part in it.
bool Core::Impl::on_answer_failed(Connection& connection) {
  const http::WireError error = connection.reader.error();
  PipelineEntry& entry = *connection.head();
  log_connection(LogLevel::warning, connection, error.detail);
  if (Exchange* exchange = exchanges_.find(entry.exchange))
    fail(*exchange, error.code, error.detail);
  entry.exchange = {};
  lose(connection,
       {.detail = "another answer on the connection could not be read", .charge_head = false},
       true);
  return false;
}

}  // namespace headrace::core
