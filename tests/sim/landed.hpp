#pragma once

// What the core does already. What it does not do yet is neither asked of it nor held against it;
// each line goes when its feature has come.
namespace headrace::sim::landed {

inline constexpr bool ways_of_pipelining = false;  // Options::pipelining, per origin too
inline constexpr bool pace = false;                // requests_per_second, in_flight_max
inline constexpr bool redial_pause = false;        // also when dials overlap (S29)
inline constexpr bool bytes_stay = false;  // of a Write, till its connection's Close is performed
inline constexpr bool split_crlf = false;  // a CRLF between answers that comes in two pieces
inline constexpr bool verify = false;

}  // namespace headrace::sim::landed
