#include "engine/api/share.hpp"

#include <algorithm>
#include <cstddef>

namespace headrace::api {
namespace {

bool indivisible(unsigned in_flight_max, unsigned loops) {
  return in_flight_max > 0 && in_flight_max < loops;
}

}  // namespace

Options share_of(const Options& options, unsigned loop) {
  const unsigned loops = options.loops;
  const auto divide = [&](auto& limit) {
    const auto all = limit;
    limit = all / loops;
    if (all % loops > loop) ++limit;
  };
  Options share = options;
  divide(share.connections_max);
  divide(share.connections_total_max);
  divide(share.queue_requests_max);
  divide(share.queue_bytes_max);
  const auto divide_flow = [&](unsigned& in_flight_max, double& per_second) {
    if (indivisible(in_flight_max, loops)) return;
    divide(in_flight_max);
    per_second /= loops;
  };
  divide_flow(share.in_flight_max, share.requests_per_second);
  for (OriginOptions& own : share.origins) {
    own.in_flight_max = own.in_flight_max.value_or(options.in_flight_max);
    own.requests_per_second = own.requests_per_second.value_or(options.requests_per_second);
    divide_flow(*own.in_flight_max, *own.requests_per_second);
  }
  return share;
}

WholeOrigins::WholeOrigins(const Options& checked)
    : loops_(checked.loops),
      in_flight_max_(checked.in_flight_max),
      any_(indivisible(in_flight_max_, loops_) ||
           std::ranges::any_of(checked.origins,
                               [this](const OriginOptions& own) {
                                 return indivisible(own.in_flight_max.value_or(0), loops_);
                               })),
      rules_(
          any_ ? core::OriginRules::read({.origins = checked.origins}).value_or(core::OriginRules{})
               : core::OriginRules{}) {}

bool WholeOrigins::contains(const http::Origin& origin) const {
  if (!any_) return false;
  const OriginOptions& own = rules_.options_for(to_string(origin));
  return indivisible(own.in_flight_max.value_or(in_flight_max_), loops_);
}

}  // namespace headrace::api
