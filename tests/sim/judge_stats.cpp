#include <algorithm>

#include "tests/sim/judge.hpp"
#include "tests/sim/text.hpp"

namespace headrace::sim {
namespace {

void probe(World& world, Probe probe, std::uint64_t count) {
  if (count > 0) world.hit(probe);
}

}  // namespace

// S46: the core's own account adds up, and is that of its callers.
void Judge::audit(const Stats& stats) {
  look_at(stats);
  for (const OriginStats& origin : stats.origins) {
    for (std::size_t i = 0; i < origins_.size(); ++i)
      if (origin.origin.starts_with(world_.swarm.origins[i].url + ":")) audit_origin(i, origin);
  }
}

void Judge::audit_origin(std::size_t origin, const OriginStats& stats) {
  std::uint64_t submitted = 0;
  std::uint64_t written = 0;
  std::uint64_t answered = 0;
  std::uint64_t failed = 0;
  for (const Call& call : world_.calls) {
    if (call.origin != origin || call.id == ExchangeId{}) continue;
    ++submitted;
    written += call.written;
    if (call.life == CallLife::complete) ++(call.answered ? answered : failed);
  }
  const Counters& counters = stats.counters;
  const auto agree = [&](std::uint64_t counted, std::uint64_t seen, const char* what) {
    world_.require(counted == seen, text("S46: ", stats.origin, " counts ", counted, " ", what,
                                         ", there were ", seen));
  };
  agree(counters.submitted, submitted, "submitted");
  agree(counters.answered, answered, "answered");
  agree(counters.failed, failed, "failed");
  agree(counters.written, written, "written");
  agree(counters.answered + counters.failed + stats.queued + stats.in_flight, submitted,
        "requests in all");
  require_budget(counters);
  agree(stats.connections, links_.alive_at(origin), "connections");
}

// S16: what a pool holds and one second's share to begin with, a fifth of the requests, ten a
// second.
void Judge::require_budget(const Counters& counters) {
  const Options& options = world_.swarm.options;
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(world_.now - Instant{});
  const std::uint64_t pool = std::uint64_t{options.connections_max} * options.pipeline_depth;
  const std::uint64_t allowed = 1000 * (pool + 11) + 200 * counters.submitted +
                                10 * static_cast<std::uint64_t>(elapsed.count());
  const std::uint64_t again =
      counters.resent_lost + counters.resent_refused + counters.resent_status + counters.moved_hung;
  world_.require(1000 * again <= allowed, "S16: more was sent again than the budget allows");
}

// What happens inside shows in the counters.
void Judge::probe_stats(const Stats& stats) {
  for (const OriginStats& origin : stats.origins) {
    const Counters& counters = origin.counters;
    probe(world_, Probe::desync, counters.desync);
    probe(world_, Probe::hung, counters.hung);
    probe(world_, Probe::moved_hung, counters.moved_hung);
    probe(world_, Probe::moved_unwritten, counters.moved_unwritten);
    probe(world_, Probe::moved_announced, counters.moved_announced);
    probe(world_, Probe::resent_refused, counters.resent_refused);
    if (origin.capability == "off") world_.hit(Probe::turned_off);
    if (origin.capability == "on_trial") world_.hit(Probe::on_trial);
  }
  probe(world_, Probe::profile_remembered, world_.swarm.options.profiles.size());
}

// Servers' bytes never break a line of the log, and requests' are not in it.
void Judge::logged(LogLevel level, std::string_view line) {
  const bool printable =
      std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
  world_.require(printable && !line.empty(), "a line of the log is broken");
  world_.require(!line.contains("/call/"), "the log says what was asked for");
  world_.note(text(name_of(level), ": ", line));
}

}  // namespace headrace::sim
