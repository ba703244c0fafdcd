#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/core/dialling.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {
namespace {

// The whole pipeline's, for those of it that fail.
std::string fate_of(unsigned answered, std::size_t again, std::size_t failed) {
  if (again + failed == 1 && answered == 0) return {};
  return " (of its requests " + std::to_string(answered) + " had been answered, " +
         std::to_string(again) + " are sent again, " + std::to_string(failed) + " fail)";
}

}  // namespace

void Core::Impl::on_closed(Instant now, ConnectionId id, Result<void> how) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  if (connection->life == ConnectionLife::dialling) {
    const Error error = how ? Error{.code = ErrorCode::connect_failed,
                                    .phase = Phase::connect,
                                    .detail = "the connection was closed while it was being made"}
                            : how.error();
    return dial_failed(*connection, error, false);
  }
  Loss loss{.detail = "the server closed the connection before it answered",
            .accepted_is_final = true};
  if (connection->head() != nullptr) {
    const http::ResponseEvent event = connection->reader.finish(how.has_value());
    if (event.kind ==
        http::ResponseEvent::Kind::end) {  // a body that the end of the stream delimits
      on_answer_end(*connection, false);
      return;
    }
    if (event.kind == http::ResponseEvent::Kind::failed)
      loss.detail = connection->reader.error().detail;
  }
  if (!how) {
    // Over TLS 1.3 a server refuses the client certificate when the handshake seems to be over.
    if (how.error().code == ErrorCode::tls_failed) loss.code = ErrorCode::tls_failed;
    loss.detail = std::move(how.error().detail);
    loss.system_code = how.error().system_code;
  }
  lose(*connection, loss, false);
}

// The connection is gone, or no longer to be trusted (S13).
void Core::Impl::lose(Connection& connection, const Loss& loss, bool close) {
  OriginState& origin = *connection.origin;
  if (loss.trouble && connection.head() != nullptr) note_loss(connection);
  if (loss.trouble && !loss.ours && connection.answers == 0) back_off_if_barren(origin);
  evict(connection, 0, loss);
  erase(connection, close);
}

// S10: unannounced, with requests in flight.
void Core::Impl::note_loss(Connection& connection) {
  OriginState& origin = *connection.origin;
  ++origin.trouble_count;
  ++origin.counters.lost;
  origin.profile.on_lost(now_, connection.answers, connection.written - connection.held,
                         !connection.answer_begun);
}

// A server that accepts connections and drops them unused would otherwise be dialled as fast as it
// can do so.
void Core::Impl::back_off_if_barren(OriginState& origin) {
  if (++origin.barren == 1) return;
  origin.failures = origin.barren - 1;
  origin.redial_at = now_ + redial_pause(origin.failures, jitter_());
}

// Takes the entries from `first` on out of the pipeline: each goes back to where it stood in the
// queue, or fails, and then says what became of them all.
void Core::Impl::evict(Connection& connection, std::size_t first, const Loss& loss) {
  std::vector<Exchange*> again;
  std::vector<std::pair<Exchange*, Verdict>> failed;
  for (std::size_t i = first; i < connection.pipeline.size(); ++i) {
    Exchange* exchange = exchanges_.find(connection.pipeline[i].exchange);
    if (exchange == nullptr) continue;
    const Verdict verdict = judge(connection, *exchange, i, loss);
    if (verdict == Verdict::again || verdict == Verdict::again_charged)
      again.push_back(exchange);
    else
      failed.emplace_back(exchange, verdict);
  }
  const std::string fate = fate_of(connection.answers, again.size(), failed.size());
  log_loss(connection, loss, again.size(), failed.size());
  for (const auto& [exchange, verdict] : failed) {
    if (verdict == Verdict::suppressed)
      fail(*exchange, ErrorCode::retry_suppressed,
           loss.detail + ", and too much has been sent again lately to send this too" + fate,
           loss.system_code);
    else
      fail(*exchange, loss.code, loss.detail + fate, loss.system_code);
  }
  connection.pipeline.truncate(std::min(first, connection.pipeline.size()));
  connection.written = std::min(connection.written, connection.pipeline.size());
  connection.held = std::min(connection.held, connection.pipeline.size());
  send_again(again);
}

// Back to the front of the queue, in order.
void Core::Impl::send_again(const std::vector<Exchange*>& exchanges) {
  for (Exchange* exchange : exchanges | std::views::reverse)
    enqueue_front(origins_[exchange->origin], *exchange);
}

// What the loss means for the `index`-th place; keeps the exchange's account.
Verdict Core::Impl::judge(const Connection& connection, Exchange& exchange, std::size_t index,
                          const Loss& loss) {
  const PipelineEntry& entry = connection.pipeline[index];
  const Course& course = *exchange.course;
  OriginState& origin = *connection.origin;
  LossFacts facts{.repeatable = exchange.traits.repeatable && !course.begun && !course.pulled,
                  .charged = index == connection.held && loss.charge_head,
                  .announced = loss.announced,
                  .charges = course.charges,
                  .moves = course.moves,
                  .moves_max = moves_max(),
                  .attempts_max = options_.attempts_max,
                  .resend_allowed = origin.resends.available(now_) > 0};
  if (exchange.life == ExchangeLife::written)
    facts.touched = !loss.accepted_is_final || entry.begins < connection.accepted;
  if (facts.touched) exchange.progress = std::max(exchange.progress, Progress::sent);
  if (course.answering) exchange.progress = Progress::responding;
  const Verdict verdict = after_loss(facts);
  if (verdict == Verdict::again || verdict == Verdict::again_charged)
    account_for(origin, exchange, facts, loss);
  return verdict;
}

void Core::Impl::account_for(OriginState& origin, Exchange& exchange, const LossFacts& facts,
                             const Loss& loss) {
  if (!facts.touched) {
    ++origin.counters.moved_unwritten;
    return;
  }
  if (loss.announced) {
    ++exchange.course->moves;
    ++origin.counters.moved_announced;
    return;
  }
  origin.resends.take(now_);
  ++(loss.code == ErrorCode::wrong_answer && facts.charged ? origin.counters.resent_refused
                                                           : origin.counters.resent_lost);
  if (!facts.charged) {
    ++exchange.course->moves;
    return;
  }
  ++exchange.course->charges;
  exchange.traits.pipelinable = false;  // what has cost a connection costs no neighbours
}

unsigned Core::Impl::moves_max() const noexcept {
  return limits::moves_max + options_.pipeline_depth;
}

}  // namespace headrace::core
