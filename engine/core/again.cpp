// S18: an answer whose status says "not now" is asked for again, where the caller has said so.

#include <algorithm>
#include <utility>

#include "engine/core/dialling.hpp"
#include "engine/core/impl.hpp"
#include "engine/http/retry_after.hpp"

namespace headrace::core {

void Core::Impl::deliver(Exchange& exchange, AnswerPointer answer) {
  if (may_ask_again((*answer)->status))
    if (const std::optional<Duration> wait = pause_before_retry(exchange, **answer))
      return pause(exchange, (*answer)->status, *wait);
  complete(exchange, std::move(answer));
}

bool Core::Impl::may_ask_again(int status) const noexcept {
  return std::ranges::find(options_.retry_statuses, status) != options_.retry_statuses.end();
}

// For an answer of such a status. Nothing when it is the caller's all the same: asking again would
// be wrong, too often, too late.
std::optional<Duration> Core::Impl::pause_before_retry(const Exchange& exchange,
                                                       const Response& response) {
  const Course& course = *exchange.course;
  if (!exchange.traits.repeatable || course.pulled || course.retries + 1 >= options_.attempts_max)
    return std::nullopt;
  const std::optional<Duration> asked = http::retry_after(response.headers);
  const Duration wait =
      asked ? *asked + spread(*asked / 10, jitter_())
            : spread(doubled(options_.retry_pause, course.retries, options_.retry_pause_max),
                     jitter_());
  const bool too_late = exchange.timer.is_set() && now_ + wait >= exchange.timer.at;
  if (wait > options_.retry_pause_max || too_late) return std::nullopt;
  if (!origins_[exchange.origin].resends.take(now_)) return std::nullopt;
  return wait;
}

void Core::Impl::pause(Exchange& exchange, int status, Duration duration) {
  OriginState& origin = origins_[exchange.origin];
  Course& course = *exchange.course;
  ++course.retries;
  ++origin.paused;
  origin.queued_bytes += origin.bytes_of(exchange);
  ++origin.counters.resent_status;
  if (course.suspected) settle_suspicion(origin, exchange, true);
  exchange.life = ExchangeLife::paused;
  exchange.progress = Progress::responding;
  course.answering = false;
  if (exchange.timer.is_set()) course.deadline = exchange.timer.at;
  timers_.set(exchange.timer, now_ + duration);
  log_pause(exchange, status, duration);
}

void Core::Impl::resume(Exchange& exchange) {
  leave_queue(exchange);
  const Instant deadline = std::exchange(exchange.course->deadline, Instant::max());
  if (deadline != Instant::max()) timers_.set(exchange.timer, deadline);
  enqueue_front(origins_[exchange.origin], exchange);
}

}  // namespace headrace::core
