#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/instant.hpp"

namespace headrace::core {

// What decides whether an origin gets one more connection.
struct DialFacts {
  std::size_t waiting = 0;      // requests that no present connection can take at once
  std::size_t dialling = 0;     // connections on their way, each good for one of them
  std::size_t connections = 0;  // all of the origin's, those on their way included
  std::size_t connections_max = 1;
  bool backing_off = false;  // the pause after a failed dial is not over
  bool failing = false;      // the last dial failed
  bool connected = false;    // the origin has accepted a connection before
};

// S26, S28, S29: a connection for each request that would otherwise wait or share a pipeline,
// within the limit; while dials fail, one at a time.
bool should_dial(const DialFacts& facts) noexcept;

// `first`, doubled so many times, `last` at most.
Duration doubled(Duration first, unsigned times, Duration last) noexcept;

// The pause after the `failures`-th failed dial in a row: doubling, bounded, and spread over its
// upper half by `random`, so that many engines do not come back together.
Duration redial_pause(unsigned failures, std::uint64_t random) noexcept;

// Anything from nothing to `most` (full jitter).
Duration spread(Duration most, std::uint64_t random) noexcept;

// S30: `limit` give or take a tenth, so that connections made together do not end together.
Duration jittered(Duration limit, std::uint64_t random) noexcept;

}  // namespace headrace::core
