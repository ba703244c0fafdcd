#include <algorithm>

#include "engine/core/impl.hpp"

namespace headrace::core {

// What they forbid until a moment is looked at again then; what they forbid until an answer comes,
// when it does.
std::size_t Core::Impl::allowance_within_limits(OriginState& origin) {
  std::size_t most = origin.waiting();
  if (origin.in_flight_max > 0) {
    std::size_t in_flight = 0;
    for (const Connection* connection : origin.connections)
      in_flight += connection->pipeline.size();
    most = std::min(most,
                    origin.in_flight_max - std::min<std::size_t>(origin.in_flight_max, in_flight));
  }
  if (origin.rate && most > 0) {
    const std::size_t tokens = origin.rate->available(now_);
    if (tokens == 0) look_again_at(origin, origin.rate->next(now_));
    most = std::min(most, tokens);
  }
  return most;
}

void Core::Impl::look_again_at(OriginState& origin, Instant at) {
  if (!origin.timer.is_set() || at < origin.timer.at) timers_.set(origin.timer, at);
}

}  // namespace headrace::core
