#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/instant.hpp"
#include "headrace/options.hpp"
#include "tests/sim/dice.hpp"

namespace headrace::sim {

// Ways of a server to be difficult, one a connection. Whatever is not named here is honest.
enum class Manner : std::uint8_t {
  honest,
  http10,             // answers as HTTP/1.0, with keep-alive or without
  announces_end,      // closes after so many answers and says so in the last
  ends_unannounced,   // ... and does not say so
  ignores_followers,  // what comes while it works on a request is not answered
  swallows_second,    // nor is what shares a segment with another request
  swaps,              // answers two in the wrong order
  repeats_answers,    // answers some twice
  truncates,          // ends a chunked body, and the connection, in the middle
  speaks_unasked,     // 408, garbage, another answer or CRLFs while it owes nothing
  slow_heads,         // takes seconds for some
  hangs,              // after some answers says nothing any more
  hints,              // Keep-Alive: timeout, max
  refuses_bodies,     // 413 as soon as it has the head
};
inline constexpr std::size_t manner_count = 14;

struct OriginPlan {
  std::string url;
  bool tls = false;
  std::vector<Manner> manners;  // those it has beside honesty
  unsigned manner_percent = 0;  // of its connections that have one
};

// Chances in percent.
struct NetworkFaults {
  unsigned dial_fails = 0;
  unsigned dial_hangs = 0;
  unsigned dial_is_slow = 0;
  unsigned resets = 0;  // of the connections, at a byte of one of the directions
  unsigned partial_writes = 0;
  unsigned write_stalls = 0;
  unsigned late_reports = 0;
  unsigned clogs = 0;
  unsigned tiny_chunks = 0;   // of the connections
  unsigned unclean_ends = 0;  // of the FINs: a TLS stream without close_notify
  Duration latency_max = std::chrono::milliseconds(1);
};

struct ServerPlan {
  Duration service_max = std::chrono::milliseconds(10);
  unsigned informational = 0;  // percent of the answers
  unsigned chunked = 0;
  unsigned trailers = 0;
  unsigned until_close = 0;
  unsigned errors = 0;       // 404 and the like
  unsigned unavailable = 0;  // 429, 503
  unsigned retry_after = 0;  // of those
};

struct WorkloadPlan {
  std::size_t calls = 1;
  std::size_t burst_max = 1;
  Duration gap_max = std::chrono::milliseconds(10);
  std::vector<std::string> methods = {"GET"};
  unsigned allowed = 0;
  unsigned forbidden = 0;
  unsigned bulk = 0;
  unsigned asks_close = 0;
  unsigned expects = 0;
  unsigned verify = 0;
  unsigned streams = 0;
  unsigned deadlines = 0;
  unsigned cancels = 0;
  Duration deadline_max = std::chrono::seconds(5);
  std::size_t body_bytes_max = 10;
  std::optional<Duration> shut_down_at = {};
  Duration grace = {};
};

// What one seed plays: which faults, manners and methods there are at all, and the options. A
// schedule with everything in it hides much of what a few things together would show.
struct Swarm {
  Options options;
  NetworkFaults faults;
  ServerPlan server;
  WorkloadPlan workload;
  std::vector<OriginPlan> origins;
  Duration faults_for = {};
  Duration tick_late_max = {};
  unsigned batching = 0;  // percent of the steps that gather several inputs
  Duration batch_window = std::chrono::milliseconds(3);  // that came within this
  bool lingers = false;       // stays until all connections have grown too old
  bool lived_before = false;  // with profiles saved from an earlier life
};

Swarm draw_swarm(std::uint64_t seed);
Options draw_options(Dice& dice);

// For the head of a trace.
std::vector<std::string> describe(const Swarm& swarm);

}  // namespace headrace::sim
