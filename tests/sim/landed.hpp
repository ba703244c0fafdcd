#pragma once

// What the core does already. What it does not do yet is neither asked of it nor held against it;
// each line goes when its feature has come.
namespace headrace::sim::landed {

inline constexpr bool ways_of_pipelining = true;  // Options::pipelining, per origin too
inline constexpr bool pace = true;                // requests_per_second, in_flight_max
inline constexpr bool redial_pause = true;        // also when dials overlap (S29)
inline constexpr bool bytes_stay = true;   // of a Write, till its connection's Close is performed
inline constexpr bool split_crlf = false;  // a CRLF between answers that comes in two pieces

}  // namespace headrace::sim::landed
