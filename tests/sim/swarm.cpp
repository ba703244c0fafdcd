#include "tests/sim/swarm.hpp"

#include "tests/sim/text.hpp"

namespace headrace::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A chance of up to `most` percent in `share` percent of the seeds, none in the others.
unsigned sometimes(Dice& dice, unsigned share, unsigned most) {
  const bool present = dice.chance(share);
  const unsigned percent = dice.small(1, most);
  return present ? percent : 0;
}

NetworkFaults draw_faults(Dice& dice) {
  constexpr milliseconds latencies[] = {milliseconds(1), milliseconds(5), milliseconds(40),
                                        milliseconds(250)};
  NetworkFaults faults;
  faults.dial_fails = sometimes(dice, 30, 60);
  faults.dial_hangs = sometimes(dice, 15, 30);
  faults.dial_is_slow = sometimes(dice, 30, 50);
  faults.resets = sometimes(dice, 40, 95);
  faults.partial_writes = sometimes(dice, 50, 80);
  faults.write_stalls = sometimes(dice, 20, 15);
  faults.late_reports = sometimes(dice, 40, 60);
  faults.clogs = sometimes(dice, 30, 10);
  faults.tiny_chunks = sometimes(dice, 30, 60);
  faults.unclean_ends = sometimes(dice, 30, 60);
  faults.latency_max = dice.pick(latencies);
  return faults;
}

ServerPlan draw_server(Dice& dice) {
  constexpr milliseconds services[] = {milliseconds(0), milliseconds(3), milliseconds(30),
                                       milliseconds(300)};
  ServerPlan server;
  server.service_max = dice.pick(services);
  server.informational = sometimes(dice, 30, 50);
  server.chunked = sometimes(dice, 60, 90);
  server.trailers = sometimes(dice, 40, 90);
  server.until_close = sometimes(dice, 15, 10);
  server.errors = sometimes(dice, 40, 30);
  server.unavailable = sometimes(dice, 30, 40);
  server.retry_after = sometimes(dice, 60, 90);
  return server;
}

std::vector<std::string> draw_methods(Dice& dice) {
  std::vector<std::string> methods = {"GET"};
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "POST", "PATCH"})
    if (dice.chance(40)) methods.emplace_back(method);
  return methods;
}

WorkloadPlan draw_workload(Dice& dice) {
  constexpr std::size_t bodies[] = {1, 20, 600, 4000};
  constexpr milliseconds gaps[] = {milliseconds(1), milliseconds(20), milliseconds(200),
                                   milliseconds(900)};
  constexpr milliseconds deadlines[] = {milliseconds(60), milliseconds(600), seconds(5),
                                        seconds(20)};
  WorkloadPlan workload;
  const bool much = dice.chance(15);
  workload.calls = dice.between(1, much ? 160 : 40);
  workload.burst_max = dice.between(1, much ? 80 : 16);
  workload.gap_max = dice.pick(gaps);
  workload.methods = draw_methods(dice);
  workload.allowed = sometimes(dice, 40, 60);
  workload.forbidden = sometimes(dice, 25, 30);
  workload.bulk = sometimes(dice, 25, 30);
  workload.asks_close = sometimes(dice, 20, 20);
  workload.expects = sometimes(dice, 15, 30);
  workload.verify = sometimes(dice, 50, 99);
  workload.streams = sometimes(dice, 30, 60);
  workload.deadlines = sometimes(dice, 60, 99);
  workload.cancels = sometimes(dice, 40, 40);
  workload.deadline_max = dice.pick(deadlines);
  workload.body_bytes_max = dice.pick(bodies);
  const Duration moment = dice.up_to(seconds(4));
  const Duration grace = dice.up_to(seconds(2));
  if (dice.chance(15)) workload.shut_down_at = moment;
  if (dice.chance(60)) workload.grace = grace;
  return workload;
}

OriginPlan draw_origin(Dice& dice, std::size_t number) {
  OriginPlan plan;
  plan.tls = dice.chance(30);
  plan.url = text(plan.tls ? "https" : "http", "://origin", number, ".example");
  const std::size_t manners = dice.chance(75) ? dice.between(1, 3) : 0;
  for (std::size_t i = 0; i < manners; ++i)
    plan.manners.push_back(static_cast<Manner>(dice.between(1, manner_count - 1)));
  plan.manner_percent = dice.chance(30) ? 100 : dice.small(10, 90);
  return plan;
}

// Much to do, at once, and a server that closes every connection after a few answers and does not
// say so: what is sent again is soon more than the budget allows (S16).
void make_harsh(Swarm& swarm) {
  swarm.options.pipelining = Pipelining::fixed;
  swarm.options.pipeline_depth = 8;
  swarm.options.attempts_max = 4;
  swarm.options.requests_per_second = 0;
  swarm.options.in_flight_max = 0;
  swarm.options.origins.clear();
  swarm.faults = {};
  swarm.server.service_max = milliseconds(1);
  swarm.workload.methods = {"GET"};
  swarm.workload.gap_max = milliseconds(1);
  swarm.workload.calls = 150;
  swarm.workload.burst_max = 80;
  for (OriginPlan& plan : swarm.origins) {
    plan.manners = {Manner::ends_unannounced};
    plan.manner_percent = 100;
  }
}

}  // namespace

Swarm draw_swarm(std::uint64_t seed) {
  Dice dice(seed);
  Swarm swarm;
  swarm.options = draw_options(dice);
  swarm.faults = draw_faults(dice);
  swarm.server = draw_server(dice);
  swarm.workload = draw_workload(dice);
  for (std::size_t i = dice.chance(60) ? 1 : dice.between(2, 3); i > 0; --i)
    swarm.origins.push_back(draw_origin(dice, swarm.origins.size()));
  if (dice.chance(15)) {
    OriginOptions exception{.origin = swarm.origins.front().url};
    if (dice.chance(50)) exception.pipelining = static_cast<Pipelining>(dice.below(3));
    if (dice.chance(30)) exception.in_flight_max = dice.small(1, 4);
    if (dice.chance(30)) exception.requests_per_second = dice.chance(50) ? 10 : 40;
    swarm.options.origins.push_back(exception);
  }
  swarm.faults_for = seconds(1) + dice.up_to(seconds(dice.chance(80) ? 6 : 40));
  if (dice.chance(50)) swarm.tick_late_max = milliseconds(5);
  swarm.batching = dice.chance(70) ? dice.small(1, 60) : 0;
  swarm.lingers = dice.chance(40);
  swarm.lived_before = dice.chance(15);
  if (dice.chance(3)) make_harsh(swarm);
  return swarm;
}

}  // namespace headrace::sim
