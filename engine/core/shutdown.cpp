#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::shut_down(Instant now, Duration grace) {
  now_ = now;
  closing_ = true;
  if (grace > Duration::zero()) {
    timers_.set(grace_, now + grace);
  } else {
    fail_everything("the engine was shut down before the request finished");
  }
}

// S44. Completed first, while errors can still tell where each exchange was.
void Core::Impl::fail_everything(std::string detail) {
  exchanges_.for_each([&](Exchange& exchange) {
    leave_queue(exchange);
    fail(exchange, ErrorCode::closed, detail);
  });
  connections_.for_each([](Connection& connection) { connection.pipeline.clear(); });
  close_all_connections();
}

void Core::Impl::close_all_connections() {
  timers_.clear(grace_);
  origins_.for_each([&](OriginState& origin) { timers_.clear(origin.timer); });
  connections_.for_each([&](Connection& connection) { erase(connection, true); });
}

bool Core::Impl::finished() const {
  return closing_ && exchanges_.empty() && connections_.empty() && actions_.empty();
}

}  // namespace headrace::core
