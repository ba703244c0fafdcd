#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::on_tick(Instant now) {
  now_ = now;
  while (const Timer* due = timers_.pop_due(now)) {
    switch (due->kind) {
      case TimerKind::exchange:  // S19: the deadline is absolute
        abandon(*exchanges_.find(ExchangeId::from_number(due->owner)), ErrorCode::timed_out,
                "the request's deadline passed");
        break;
      case TimerKind::connection:
        on_connection_timer(*connections_.find(ConnectionId::from_number(due->owner)));
        break;
      case TimerKind::origin:
        touch(*origins_.find(OriginId::from_number(due->owner)));
        break;
      case TimerKind::grace:
        fail_everything("the engine was shut down before the request finished");
        break;
    }
  }
}

void Core::Impl::on_connection_timer(Connection& connection) {
  if (connection.life == ConnectionLife::dialling) {
    dial_failed(connection,
                {.code = ErrorCode::connect_timeout,
                 .phase = Phase::connect,
                 .detail = "no connection within " +
                           std::to_string(options_.connect_timeout.count()) + " ms"},
                true);
  } else if (connection.pipeline.empty()) {
    erase(connection, true);  // idle for too long
  } else {
    give_up_draining(connection);  // S24: an abandoned head is stuck
  }
}

}  // namespace headrace::core
