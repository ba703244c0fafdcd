#include "tests/sim/simulation.hpp"

#include <algorithm>

namespace headrace::sim {
namespace {

using std::chrono::seconds;

// More than any schedule needs: they only turn an endless one into a failure.
constexpr std::size_t steps_max = 300'000;
constexpr std::size_t actions_max = 2'000;  // in one batch
constexpr Duration calm_max = seconds(600);

}  // namespace

Simulation::Simulation(const Swarm& swarm, std::uint64_t seed, Trace::Keep keep)
    : world_(swarm, seed, keep),
      judge_(world_, links_),
      core_(with_log(world_.swarm.options, seed), seed),
      network_(world_, links_, judge_, core_),
      workload_(world_, judge_, core_),
      turns_(seed ^ 0x7475726eU) {
  world_.agenda.add(Instant{swarm.faults_for}, {.kind = EventKind::calm});
}

// Every other seed's core tells what it does, which changes nothing.
Options Simulation::with_log(Options options, std::uint64_t seed) {
  if (seed % 2 == 1)
    options.log = [this](LogLevel level, std::string_view line) { judge_.logged(level, line); };
  return options;
}

Outcome Simulation::play() {
  for (const std::string& line : describe(world_.swarm)) world_.note(line);
  std::size_t steps = 0;
  while (world_.broken.empty() && step())
    world_.require(++steps < steps_max, "S1: the simulation does not come to an end");
  judge_.probe_stats(core_.stats());
  if (world_.broken.empty()) finish();
  return {.broken = world_.broken,
          .hash = world_.trace.hash(),
          .trace = world_.trace.kept(),
          .probes = world_.probes,
          .profiles = core_.profiles()};
}

// One batch of inputs, then everything that the core wants done. False when all is over.
bool Simulation::step() {
  if (world_.calm && is_over()) return false;
  world_.require(world_.agenda.earliest() || core_.next_deadline(),
                 "S1: requests are left, and nothing will ever happen");
  if (!world_.broken.empty()) return false;
  world_.require(++turns_without_event_ < 2'000, "the core's timer goes off again and again");
  Instant until = next_instant();
  if (turns_.chance(world_.swarm.batching)) until += turns_.up_to(world_.swarm.batch_window);
  world_.now = std::max(world_.now, until);
  ++world_.batch;
  judge_.batch_begins();
  const bool tick_first = turns_.chance(50);
  if (tick_first) tick();
  take_events(world_.now);
  if (!tick_first) tick();
  drain();
  judge_.batch_ends();
  judge_.audit(core_.stats());
  require_an_end();
  return world_.broken.empty();
}

// A timer may be a little late; how much is drawn once for each.
Instant Simulation::next_instant() {
  const auto due = core_.next_deadline();
  if (due != deadline_) {
    deadline_ = due;
    if (due) tick_at_ = *due + turns_.up_to(world_.swarm.tick_late_max);
  }
  const auto event = world_.agenda.earliest();
  if (!due) return *event;
  return event ? std::min(*event, tick_at_) : tick_at_;
}

void Simulation::take_events(Instant until) {
  while (auto event = world_.agenda.take_due(until)) {
    handle(*event);
    turns_without_event_ = 0;
  }
}

void Simulation::handle(const Event& event) {
  switch (event.kind) {
    case EventKind::submit:
    case EventKind::cancel:
    case EventKind::shut_down:
      return workload_.handle(event);
    case EventKind::calm:
      world_.note("calm");
      world_.calm = true;
      return network_.calm_down();
    default:
      return network_.handle(event);
  }
}

void Simulation::tick() {
  const auto due = core_.next_deadline();
  if (!due || *due > world_.now) return;
  world_.note("on_tick");
  judge_.calls_may_be_over();
  core_.on_tick(world_.now);
  judge_.look_at(core_.stats());
  judge_.input();
  const auto next = core_.next_deadline();
  world_.require(!next || *next > world_.now, "a tick leaves something due");
}

void Simulation::drain() {
  std::size_t actions = 0;
  take_parts();
  while (const auto action = core_.next_action()) {
    network_.perform(*action);
    world_.require(++actions < actions_max, "a batch of inputs has no end of actions");
    if (!world_.broken.empty()) return;
  }
  take_parts();
  for (const core::Completion& completion : core_.take_completions()) judge_.completed(completion);
}

// Some readers keep up; the others never say how far they are, which hinders nobody with answers as
// short as these.
void Simulation::take_parts() {
  for (const core::Part& part : core_.take_parts()) {
    judge_.part_came(part);
    if (world_.workload_dice.chance(50))
      core_.on_consumed(world_.now, part.exchange, part.body.size());
  }
}

// Some callers leave at once; others stay until the last connection has been closed for want of
// use.
bool Simulation::is_over() const {
  if (world_.swarm.workload.shut_down_at) return world_.is_shut_down && all_complete();
  return all_complete() && (!world_.swarm.lingers || links_.alive() == 0);
}

bool Simulation::all_complete() const {
  return std::ranges::all_of(world_.calls, [](const Call& call) {
    return call.life == CallLife::complete || call.life == CallLife::refused;
  });
}

void Simulation::require_an_end() {
  world_.require(world_.now <= Instant{world_.swarm.faults_for + calm_max},
                 "S1: requests are left although nothing hinders them any more");
}

// The engine goes, and what is still on the wires arrives.
void Simulation::finish() {
  if (!world_.is_shut_down) {
    judge_.shut_down(Duration::zero());
    core_.shut_down(world_.now, Duration::zero());
    drain();
  }
  world_.require(core_.finished(), "S44: something is left after shutting down");
  judge_.everything_is_over();
  while (auto event = world_.agenda.take_due(Instant::max())) handle(*event);
}

Outcome play_seed(std::uint64_t seed, Trace::Keep keep) {
  Swarm swarm = draw_swarm(seed);
  if (!swarm.lived_before) return Simulation(swarm, seed, keep).play();
  Outcome before = Simulation(swarm, ~seed, keep).play();
  if (!before.broken.empty()) return before;
  swarm.options.profiles = before.profiles;
  Outcome after = Simulation(swarm, seed, keep).play();
  after.probes.add(before.probes);
  after.hash = mix(after.hash, hexadecimal(before.hash));
  after.trace.insert(after.trace.begin(), before.trace.begin(), before.trace.end());
  return after;
}

}  // namespace headrace::sim
