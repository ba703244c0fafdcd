// S18: an answer whose status says "not now" is asked for again, where the caller has said so.

#include <algorithm>
#include <utility>

#include "engine/core/dialling.hpp"
#include "engine/core/impl.hpp"
#include "engine/http/retry_after.hpp"

namespace headrace::core {

void Core::Impl::deliver(Exchange& exchange, AnswerPointer answer) {
  if (const std::optional<Duration> wait = pause_before_retry(exchange, **answer))
    return pause(exchange, (*answer)->status, *wait);
  complete(exchange, std::move(answer));
}

// Nothing when the answer is the caller's: its status is not one of those, or asking again would be
// wrong, too often, too late.
std::optional<Duration> Core::Impl::pause_before_retry(const Exchange& exchange,
                                                       const Response& response) {
  if (std::ranges::find(options_.retry_statuses, response.status) == options_.retry_statuses.end())
    return std::nullopt;
  if (!exchange.prepared.traits.repeatable || exchange.pulled ||
      exchange.retries + 1 >= options_.attempts_max)
    return std::nullopt;
  const std::optional<Duration> asked = http::retry_after(response.headers);
  const Duration wait =
      asked ? *asked + spread(*asked / 10, jitter_())
            : spread(doubled(options_.retry_pause, exchange.retries, options_.retry_pause_max),
                     jitter_());
  if (wait > options_.retry_pause_max || now_ + wait >= exchange.deadline) return std::nullopt;
  if (!origins_.find(exchange.origin)->resends.take(now_)) return std::nullopt;
  return wait;
}

void Core::Impl::pause(Exchange& exchange, int status, Duration duration) {
  OriginState& origin = *origins_.find(exchange.origin);
  ++exchange.retries;
  ++origin.paused;
  origin.queued_bytes += exchange.prepared.wire.size();
  ++origin.counters.resent_status;
  if (exchange.suspected) settle_suspicion(origin, exchange, true);
  exchange.life = ExchangeLife::paused;
  exchange.progress = Progress::responding;
  exchange.answering = false;
  timers_.set(exchange.timer, now_ + duration);
  log_pause(exchange, status, duration);
}

void Core::Impl::resume(Exchange& exchange) {
  leave_queue(exchange);
  if (exchange.deadline != Instant::max()) timers_.set(exchange.timer, exchange.deadline);
  enqueue_front(*origins_.find(exchange.origin), exchange);
}

}  // namespace headrace::core
