#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/core/exchange.hpp"
#include "engine/core/profile.hpp"
#include "engine/core/response_times.hpp"
#include "engine/core/timer.hpp"
#include "engine/core/token_bucket.hpp"
#include "engine/http/site.hpp"
#include "headrace/stats.hpp"

namespace headrace::core {

struct Connection;

// What the core keeps of one origin: its queue, its connections, what it has learned.
//
// The queue is two lists in order of submission: requests that may share a pipeline, and the solo
// ones, which need a connection that owes nothing. Their sequence numbers say which list's front is
// older.
struct OriginState {
  OriginState(Profile its_profile, TokenBucket its_resends, std::optional<TokenBucket> its_rate)
      : profile(std::move(its_profile)), resends(its_resends), rate(its_rate) {}

  OriginId id;
  std::shared_ptr<const http::Site> site;  // the origin, and what its requests have in common
  std::string name;                        // for errors

  ExchangeQueue pipelinable;
  ExchangeQueue solo;
  std::size_t queued_bytes = 0;

  std::vector<Connection*> connections;  // those on their way included
  std::size_t dialling = 0;
  ConnectionId reserved;  // takes no new work until it is idle, for the oldest solo request

  Profile profile;
  LearnedProfile logged;  // what the log was told of it last
  ResponseTimes times;
  ConnectionId trial;  // the one that may pipeline while the profile is on trial
  std::uint64_t trouble_count =
      0;  // unannounced failures; only a connection opened after the last calms it

  bool connected = false;  // a dial has succeeded
  unsigned failures = 0;   // failed dials in a row
  unsigned barren = 0;     // connections in a row that were lost before they had delivered anything
  Instant failed_at = {};  // the last of them
  Instant redial_at = {};

  TokenBucket resends;              // S16
  std::optional<TokenBucket> rate;  // the caller's requests_per_second
  unsigned in_flight_max = 0;       // 0: no limit
  Timer timer;                      // the origin is to be looked at again

  std::uint64_t newest = 0;  // the sequence of its last request
  std::size_t live = 0;      // requests submitted and not complete
  std::size_t paused = 0;    // ... of which wait for a moment
  Counters counters;
  std::vector<std::uint64_t> suspect_connections;
  Histogram queue_times, connect_times, tls_times, first_byte_times, total_times;

  bool dirty = false;  // something changed: to be pumped before actions are handed out

  bool is_limited() const noexcept { return in_flight_max > 0 || rate; }
  std::size_t waiting() const noexcept { return pipelinable.size() + solo.size(); }
  ExchangeQueue& queue_of(const Exchange& exchange) noexcept {
    return exchange.traits.pipelinable ? pipelinable : solo;
  }
  std::size_t bytes_of(const Exchange& exchange) const noexcept {
    return exchange.wire.size() + (exchange.traits.shares_rest ? site->rest.size() : 0);
  }
  bool solo_is_older() const noexcept {
    return !solo.empty() &&
           (pipelinable.empty() || solo.front()->sequence < pipelinable.front()->sequence);
  }
};

struct OriginHash {
  std::size_t operator()(const http::Origin& origin) const noexcept {
    return std::hash<std::string>{}(origin.host) ^ (std::size_t{origin.port} << 1U) ^
           static_cast<std::size_t>(origin.tls);
  }
};

}  // namespace headrace::core
