#pragma once

#include <chrono>
#include <cstddef>

#include "engine/base/instant.hpp"

// The limits that are not options: what bounds each remaining resource, and whose example it
// follows. The limits that a caller may set stand in include/headrace/options.hpp.
namespace headrace::limits {

// An answer that nobody wants any more is read to its end rather than paid for with a connection,
// within these (S24).
inline constexpr std::size_t drained_bytes_max = 64 * 1024;
inline constexpr Duration drained_head_max = std::chrono::seconds(1);

// How often a request may change connections without being to blame before it fails after all,
// beside the depth of the pipelines: a server that answers one request per connection moves a
// follower once per place (S13).
inline constexpr unsigned moves_max = 64;

// Dials back off from the first to the last of these, doubling (S29; gRPC: 1 s to 120 s, Envoy: 25
// ms to 250 ms).
inline constexpr Duration redial_first = std::chrono::milliseconds(50);
inline constexpr Duration redial_last = std::chrono::seconds(10);

// Dials under way at once to an origin that has not accepted a connection yet (S29).
inline constexpr std::size_t first_dials_max = 10;

// Origins remembered while unused; each costs some 300 bytes.
inline constexpr std::size_t idle_origins_max = 1024;

// A write buffer larger than this is given back when it has been written.
inline constexpr std::size_t write_buffer_kept = 64 * 1024;

}  // namespace headrace::limits
