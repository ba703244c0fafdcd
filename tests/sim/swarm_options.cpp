#include "tests/sim/swarm.hpp"

namespace headrace::sim {
namespace {

using std::chrono::milliseconds;

void draw_pool(Dice& dice, Options& options) {
  constexpr Pipelining ways[] = {Pipelining::learned, Pipelining::learned, Pipelining::fixed,
                                 Pipelining::off};
  options.connections_max = dice.small(1, 5);
  if (dice.chance(30)) options.connections_total_max = dice.small(1, 6);
  options.pipelining = dice.pick(ways);
  options.pipeline_depth = dice.small(1, 8);
  options.pipeline_put_delete = dice.chance(30);
  if (dice.chance(15)) options.queue_requests_max = dice.between(1, 12);
  if (dice.chance(10)) options.queue_bytes_max = dice.between(100, 5000);
  if (dice.chance(20)) options.connection_lifetime = dice.milliseconds(50, 3000);
  if (dice.chance(20)) options.connection_requests_max = dice.small(1, 8);
  options.idle_timeout = dice.chance(50) ? dice.milliseconds(1, 500) : dice.milliseconds(500, 9000);
}

void draw_retry(Dice& dice, Options& options) {
  options.attempts_max = dice.small(1, 4);
  options.connect_attempts = dice.small(1, 4);
  if (dice.chance(50)) options.retry_statuses = {429, 503};
  options.retry_pause = dice.milliseconds(1, 400);
  options.retry_pause_max = dice.milliseconds(400, 4000);
}

void draw_limits_in_time(Dice& dice, Options& options) {
  options.connect_timeout = dice.milliseconds(20, 4000);
  if (dice.chance(40)) options.tls_timeout = dice.milliseconds(5, 800);
  if (dice.chance(30)) options.write_timeout = dice.milliseconds(5, 1500);
  if (dice.chance(30)) options.first_byte_timeout = dice.milliseconds(20, 3000);
  if (dice.chance(30)) options.body_timeout = dice.milliseconds(20, 2000);
  options.hang_timeout = dice.milliseconds(30, 2500);
}

void draw_pace(Dice& dice, Options& options) {
  constexpr unsigned rates[] = {5, 20, 50, 200};
  if (dice.chance(15)) options.requests_per_second = dice.pick(rates);
  if (dice.chance(20)) options.in_flight_max = dice.small(1, 6);
}

}  // namespace

Options draw_options(Dice& dice) {
  Options options;
  draw_pool(dice, options);
  draw_retry(dice, options);
  draw_limits_in_time(dice, options);
  draw_pace(dice, options);
  return options;
}

}  // namespace headrace::sim
