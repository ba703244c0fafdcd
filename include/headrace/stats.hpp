#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "headrace/export.hpp"

namespace headrace {

/// How often durations of each size occurred. Bucket 0 counts those under 1 us, bucket i those from
/// 2^(i-1) to 2^i us, the last one all that are longer.
struct HEADRACE_API Histogram {
  static constexpr std::size_t bucket_count = 32;

  std::array<std::uint64_t, bucket_count> buckets = {};
  std::uint64_t count = 0;
  std::chrono::nanoseconds sum{0};

  void add(std::chrono::nanoseconds duration) noexcept;
  /// The least bucket bound that `share` (0 to 1) of the durations do not exceed; 0 without any.
  std::chrono::nanoseconds quantile(double share) const noexcept;
};

/// What became of requests and connections. Each submitted request is in exactly one of answered,
/// failed, `OriginStats::queued` and `OriginStats::in_flight`.
struct Counters {
  std::uint64_t submitted = 0;    ///< accepted; refused ones do not count
  std::uint64_t answered = 0;     ///< completed with a response
  std::uint64_t failed = 0;       ///< completed with an error, the next two included
  std::uint64_t timed_out = 0;    ///< failed by their deadline
  std::uint64_t cancelled = 0;    ///< failed by the caller's wish
  std::uint64_t written = 0;      ///< times a request was handed to a connection
  std::uint64_t reused = 0;       ///< ... which had carried another before
  std::uint64_t opened = 0;       ///< connections made
  std::uint64_t dial_failed = 0;  ///< connections that could not be made
  std::uint64_t lost = 0;         ///< connections that ended unannounced with requests outstanding
  std::uint64_t desync = 0;       ///< connections closed because answers were or may be shifted
  std::uint64_t hung = 0;  ///< pipelines that fell silent with requests waiting behind the head

  /// Requests that changed connections, by reason.
  std::uint64_t moved_unwritten = 0;   ///< nothing of them had been written
  std::uint64_t moved_announced = 0;   ///< the server had said that it would not answer there
  std::uint64_t moved_hung = 0;        ///< they waited behind a silent or slow head
  std::uint64_t resent_lost = 0;       ///< written, and the connection was lost
  std::uint64_t resent_status = 0;     ///< asked again after one of `Options::retry_statuses`
  std::uint64_t resent_refused = 0;    ///< `Request::verify` said no
  std::uint64_t retry_suppressed = 0;  ///< not sent again for want of budget
};

/// One origin at one moment.
struct OriginStats {
  std::string origin = {};      ///< "https://cloud.example:443"
  std::size_t queued = 0;       ///< requests that wait, for a place or for a pause to pass
  std::size_t in_flight = 0;    ///< placed on a connection and not answered
  std::size_t connections = 0;  ///< open or on their way
  unsigned depth = 1;           ///< requests that a proven connection may hold now
  std::string capability = {};  ///< "unknown", "capable", "on_trial", "off"
  std::string reason = {};      ///< why, in a sentence
  std::vector<std::uint64_t> suspect_connections = {};  ///< the latest, at most 16, oldest first
  Counters counters = {};
  Histogram queue = {};       ///< from submit to the last time it was written
  Histogram connect = {};     ///< resolving and TCP
  Histogram tls = {};         ///< the handshake
  Histogram first_byte = {};  ///< from the last write to the answer's first byte
  Histogram total = {};       ///< from submit to the answer's last byte
};

/// A snapshot of an engine.
struct Stats {
  std::vector<OriginStats> origins = {};
};

}  // namespace headrace
