#pragma once

#include "engine/core/origin_rules.hpp"
#include "engine/http/origin.hpp"
#include "headrace/options.hpp"

namespace headrace::api {

// What one of an engine's loops may do, so that all together do what the engine may. The bounds on
// connections, requests and rates are divided, the first loops getting what is left over; the rest
// of the options holds for each loop.
//
// An in_flight_max below the number of loops can't be divided. Origins under such a one are whole:
// all their requests go to one loop, which has their limits undivided.
Options share_of(const Options& options, unsigned loop);

// Which origins are whole.
class WholeOrigins {
 public:
  explicit WholeOrigins(const Options& checked);

  bool contains(const http::Origin& origin) const;

 private:
  unsigned loops_;
  unsigned in_flight_max_;  // of origins about which the options say nothing
  bool any_;
  core::OriginRules rules_;
};

}  // namespace headrace::api
