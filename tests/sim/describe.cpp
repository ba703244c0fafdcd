#include "tests/sim/swarm.hpp"
#include "tests/sim/text.hpp"

namespace headrace::sim {
namespace {

constexpr const char* ways[] = {"off", "fixed", "learned"};
constexpr const char* manners[] = {
    "honest",          "http10", "announces_end",   "ends_unannounced", "ignores_followers",
    "swallows_second", "swaps",  "repeats_answers", "truncates",        "speaks_unasked",
    "slow_heads",      "hangs",  "hints",           "refuses_bodies"};
static_assert(std::size(manners) == manner_count);

std::string describe_pool(const Options& options) {
  return text("connections ", options.connections_max, " of ", options.connections_total_max,
              ", pipelining ", ways[static_cast<std::size_t>(options.pipelining)], " depth ",
              options.pipeline_depth, options.pipeline_put_delete ? " with PUT and DELETE" : "",
              ", queue ", options.queue_requests_max, " or ", options.queue_bytes_max,
              " bytes, lifetime ", options.connection_lifetime.count(), " ms, requests each ",
              options.connection_requests_max, ", idle ", options.idle_timeout.count(), " ms");
}

std::string describe_rest(const Options& options) {
  return text("attempts ", options.attempts_max, ", dials ", options.connect_attempts,
              ", statuses asked again ", options.retry_statuses.size(), ", connect ",
              options.connect_timeout.count(), " tls ", options.tls_timeout.count(), " write ",
              options.write_timeout.count(), " first byte ", options.first_byte_timeout.count(),
              " body ", options.body_timeout.count(), " hang ", options.hang_timeout.count(),
              " ms, in flight ", options.in_flight_max, ", a second ",
              static_cast<unsigned>(options.requests_per_second));
}

}  // namespace

std::vector<std::string> describe(const Swarm& swarm) {
  std::vector<std::string> lines = {describe_pool(swarm.options), describe_rest(swarm.options)};
  for (const OriginPlan& plan : swarm.origins) {
    std::string line = text(plan.url, " is honest, or by ", plan.manner_percent, " %:");
    for (const Manner manner : plan.manners)
      line += text(" ", manners[static_cast<std::size_t>(manner)]);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace headrace::sim
