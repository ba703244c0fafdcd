#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::on_tick(Instant now) {
  now_ = now;
  while (const Timer* due = timers_.pop_due(now)) {
    switch (due->kind) {
      case TimerKind::exchange:
        on_exchange_timer(exchanges_[due->owner]);
        break;
      case TimerKind::connection:
        on_connection_timer(connections_[due->owner]);
        break;
      case TimerKind::origin:
        touch(origins_[due->owner]);
        break;
      case TimerKind::grace:
        fail_everything("the engine was shut down before the request finished");
        break;
    }
  }
}

// S19: the deadline is absolute. A pause ends before it.
void Core::Impl::on_exchange_timer(Exchange& exchange) {
  if (exchange.life == ExchangeLife::paused && now_ < exchange.course->deadline)
    return resume(exchange);
  abandon(exchange, ErrorCode::timed_out, "the request's deadline passed");
}

}  // namespace headrace::core
