#include <algorithm>
#include <memory>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

// The exchange must be out of its queue and pipeline already. This is the only place where one ends
// (S1).
void Core::Impl::complete(Exchange& exchange, Outcome outcome) {
  OriginState& origin = origins_[exchange.origin];
  timers_.clear(exchange.timer);
  if (exchange.course && exchange.course->suspected)
    settle_suspicion(origin, exchange, outcome.has_value());
  count(origin, exchange, outcome);
  --origin.live;
  completions_.push_back({exchange.id, exchange.tag, std::move(outcome)});
  exchanges_.erase(exchange);
}

void Core::Impl::count(OriginState& origin, const Exchange& exchange, const Outcome& outcome) {
  Counters& counters = origin.counters;
  if (outcome) {
    ++counters.answered;
    origin.queue_times.add(outcome->timings.queued);
    origin.first_byte_times.add(outcome->timings.first_byte);
    origin.total_times.add(now_ - exchange.submitted);
    return;
  }
  ++counters.failed;
  const ErrorCode code = outcome.error().code;
  if (code == ErrorCode::timed_out) ++counters.timed_out;
  if (code == ErrorCode::cancelled) ++counters.cancelled;
  if (code == ErrorCode::retry_suppressed) ++counters.retry_suppressed;
}

void Core::Impl::fail(Exchange& exchange, ErrorCode code, std::string detail, int system_code) {
  Error error = error_for(exchange, code, std::move(detail));
  error.system_code = system_code;
  complete(exchange, std::unexpected(std::move(error)));
}

// S17. Bytes that were handed to the shell count as sent: whether they left can't be known here,
// and progress must never be understated.
Error Core::Impl::error_for(const Exchange& exchange, ErrorCode code, std::string detail) const {
  const Course& course = exchange.so_far();
  Progress progress = exchange.progress;
  if (exchange.life == ExchangeLife::written) progress = std::max(progress, Progress::sent);
  if (course.answering) progress = Progress::responding;
  return {.code = code,
          .phase = phase_of(exchange),
          .progress = progress,
          .attempts = course.attempts,
          .safe_to_repeat = exchange.traits.repeatable || progress == Progress::queued,
          .connection_id = public_name(course.connection),
          .origin = origins_[exchange.origin].name,
          .detail = std::move(detail)};
}

Phase Core::Impl::phase_of(const Exchange& exchange) const {
  const Connection* connection = connections_.find(exchange.so_far().connection);
  if (exchange.life != ExchangeLife::written || connection == nullptr) {
    const OriginState& origin = origins_[exchange.origin];
    const bool connecting = origin.dialling > 0 && origin.dialling == origin.connections.size();
    return connecting ? Phase::connect : Phase::queue;
  }
  if (exchange.so_far().answering) return connection->head_received ? Phase::body : Phase::headers;
  const auto entry = std::ranges::find(connection->pipeline, exchange.id, &PipelineEntry::exchange);
  const bool whole = entry == connection->pipeline.end() || entry->ends <= connection->accepted;
  return whole ? Phase::wait : Phase::write;
}

}  // namespace headrace::core
