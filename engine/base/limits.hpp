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

// How many pieces of memory of one size a thread keeps for the next (base/spare_memory).
inline constexpr std::size_t spare_memory_max = 512;

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

// A pipeline is never called slow before this, however quick the origin usually is: a scheduler's
// pause or a collection of garbage takes as long.
inline constexpr Duration patience_least = std::chrono::milliseconds(40);

// An origin's profile (S48). Chromium calls an origin capable after three good pipelines and lets
// penalties decay with good answers and with time; so do these.
inline constexpr unsigned profile_strikes = 3;   // unexplained losses that end pipelining
inline constexpr unsigned profile_streak = 100;  // pipelined answers that take one of them back
inline constexpr Duration profile_pause_first = std::chrono::minutes(5);
inline constexpr Duration profile_pause_last = std::chrono::hours(1);
inline constexpr Duration requests_max_kept = std::chrono::minutes(10);
inline constexpr std::size_t suspect_connections_kept = 16;

// Sending again what the peer did not announce to leave unanswered (S16): so many a second, so many
// for each request submitted, and to begin with as many as the origin's pipelines can hold, so that
// losing all of them at once is survived.
inline constexpr double resends_per_second = 10;
inline constexpr double resends_per_request = 0.2;
inline constexpr double resends_saved_max = 1000;

// What servers have said is looked at before anything new is written, unless it was so lately (S3):
// less than most take to be reached, and the price is a call of the system.
inline constexpr Duration unpolled_max = std::chrono::microseconds(50);

// A caller's requests_per_second may be used up so far ahead.
inline constexpr Duration rate_burst = std::chrono::milliseconds(100);

// How long a name's addresses are used before it is resolved again (S31; libcurl: 60 s), and how
// many names' addresses are kept (Chromium: 1000 answers).
inline constexpr Duration addresses_kept = std::chrono::seconds(60);
inline constexpr std::size_t names_kept_max = 1024;

// How long it is remembered that a name has no address: so long that all who queue for it are told
// at once, and so short that nobody notices who has just made the name. (Java: 10 s.)
inline constexpr Duration no_address_kept = std::chrono::seconds(2);

// An address that failed is tried after its neighbours for so long, which is when a name's
// addresses are new again, too; and how many such addresses are known.
inline constexpr Duration failing_address_kept = std::chrono::seconds(60);
inline constexpr std::size_t failing_addresses_max = 1024;

// More addresses of one name than this are not tried: the connect limit would end before them.
inline constexpr std::size_t addresses_per_name_max = 16;

// How much sooner an address is tried than the next one of the same name, unless it fails before
// (RFC 8305 §5: 250 ms), and how many are being tried at once for one connection.
inline constexpr Duration head_start = std::chrono::milliseconds(250);
inline constexpr std::size_t racing_max = 2;

// What a SIMD parser may read behind a body's last byte (Response::body; simdjson's padding).
inline constexpr std::size_t body_padding = 64;

// What is left of a body is read straight to where it stays if it is this much: a record of TLS's.
inline constexpr std::size_t read_directly_min = std::size_t{16} * 1024;

// A body's memory is taken at once up to this, if so much was announced.
inline constexpr std::size_t body_reserved_max = std::size_t{4} << 20U;

// So much of a streamed answer may wait for its reader before its connection is read no further,
// until half of it has been taken. One read of the socket comes on top.
inline constexpr std::size_t stream_bytes_max = std::size_t{256} * 1024;

// A write buffer larger than this is given back when it has been written.
inline constexpr std::size_t write_buffer_kept = 64 * 1024;

}  // namespace headrace::limits
