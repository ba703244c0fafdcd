#include <algorithm>
#include <limits>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::flush_soon(Connection& connection) {
  if (connection.to_flush) return;
  connection.to_flush = true;
  to_flush_.push_back(connection.id);
}

// Hands over everything placed on the connection since the last Write, as one contiguous run of
// bytes. While a Write is under way its bytes must stay where they are, so later requests wait, and
// can still be taken back.
void Core::Impl::flush(Connection& connection) {
  connection.to_flush = false;
  if (connection.life != ConnectionLife::open || connection.accepted < connection.handed) return;
  if (pull_if_due(connection) || connection.written == connection.pipeline.size()) return;
  if (now_ >= connection.expires) return give_back(connection);

  OriginState& origin = *connection.origin;
  const bool owed_nothing = connection.head() == nullptr;
  const std::size_t end =
      origin.profile.one_per_segment() ? connection.written + 1 : connection.pipeline.size();
  connection.batch_proves |= connection.probation && end - connection.written > 1;
  connection.writing.clear();
  for (; connection.written < end; ++connection.written) {
    PipelineEntry& entry = connection.pipeline[connection.written];
    Exchange& exchange = *exchanges_.find(entry.exchange);
    entry.behind = connection.written > 0;
    entry.begins = connection.handed + connection.writing.size();
    connection.writing += exchange.at_once();
    if (exchange.traits.shares_rest) connection.writing += origin.site->rest;
    entry.ends = entry.open_ended() ? std::numeric_limits<std::uint64_t>::max()
                                    : connection.handed + connection.writing.size();
    connection.pulling = false;
    connection.awaits_leave = exchange.traits.expect;
    exchange.life = ExchangeLife::written;
    Course& course = *exchange.course;
    course.written_at = now_;
    ++course.attempts;
    ++origin.counters.written;
    if (connection.answers > 0 || connection.written > 0) ++origin.counters.reused;
  }
  connection.accepted_at = now_;
  connection.handed += connection.writing.size();
  actions_.emplace_back(Write{connection.id, connection.writing});
  if (owed_nothing)
    expect_answer(connection);
  else
    watch_from_now(connection);
}

// S30: what could not be written while the connection was young is written elsewhere.
void Core::Impl::give_back(Connection& connection) {
  std::vector<Exchange*> unwritten;
  take_back_unwritten(connection, unwritten);
  send_again(unwritten);
  after_taking_back(connection);
}

// What was not written may have been all that its connection, or its batch, was waiting for.
void Core::Impl::after_taking_back(Connection& connection) {
  if (connection.pipeline.empty()) {
    become_idle(connection);
  } else {
    release_batch(connection);
  }
}

void Core::Impl::on_written(Instant now, ConnectionId id, std::size_t count) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  connection->accepted = std::min(connection->handed, connection->accepted + count);
  connection->accepted_at = now;
  if (note_head_sent(*connection)) watch_from_now(*connection);
  if (connection->accepted < connection->handed) return;
  if (connection->awaits_leave) watch_from_now(*connection);
  if (connection->writing.capacity() > limits::write_buffer_kept)
    std::string().swap(connection->writing);
  flush_soon(*connection);
}

// True when it is the server's turn from now on.
bool Core::Impl::note_head_sent(Connection& connection) const {
  const PipelineEntry* head = connection.head();
  if (head == nullptr || connection.is_awaiting() || connection.accepted < head->ends) return false;
  connection.awaited_since = now_;
  return true;
}

// The head of the pipeline is the request whose answer the bytes that come next belong to (S2).
void Core::Impl::expect_answer(Connection& connection) {
  const PipelineEntry& head = *connection.head();
  connection.reader.expect(head.expected());
  connection.early_answer = false;
  connection.answer_begun = false;
  connection.head_received = false;
  connection.answer_proves = false;
  connection.announced_bytes = 0;
  connection.drained = 0;
  connection.answer_silence = {};
  connection.head_since = connection.drain_since = now_;
  connection.awaited_since = Instant::max();
  note_head_sent(connection);
  connection.slow_look = connection.hang_look = {};
  watch_from_now(connection);
}

}  // namespace headrace::core
