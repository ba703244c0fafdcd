#include <algorithm>
#include <utility>

#include "tests/sim/judge.hpp"

namespace headrace::sim {
namespace {

const OriginOptions* exception_for(const Options& options, const OriginPlan& plan) {
  const auto found = std::ranges::find(options.origins, plan.url, &OriginOptions::origin);
  return found == options.origins.end() ? nullptr : &*found;
}

}  // namespace

Judge::Judge(World& world, Links& links) : world_(world), links_(links) {
  const Options& options = world.swarm.options;
  for (const OriginPlan& plan : world.swarm.origins) {
    const OriginOptions* exception = exception_for(options, plan);
    const OriginOptions own = exception != nullptr ? *exception : OriginOptions{};
    const bool off = own.pipelining.value_or(options.pipelining) == Pipelining::off;
    OriginBook book;
    book.depth = off ? 1 : options.pipeline_depth;
    book.in_flight_max = own.in_flight_max.value_or(options.in_flight_max);
    const double rate = own.requests_per_second.value_or(options.requests_per_second);
    book.requests_per_second = static_cast<unsigned>(rate);
    book.proven = !options.profiles.empty();
    origins_.push_back(std::move(book));
  }
}

void Judge::dialled(const Link& link) {
  OriginBook& book = origins_[link.origin];
  book.dials.push_back(world_.now);
  if (book.failed_dials > 0 && world_.now - book.failed_at > std::chrono::milliseconds(10))
    world_.hit(Probe::redial_pause);
  judge_dials(book);
  if (links_.alive_at(link.origin) == world_.swarm.options.connections_max)
    world_.hit(Probe::connections_at_their_limit);
}

void Judge::accepted(const Link& link) {
  for (const SeenRequest& request : link.record.outstanding)
    if (request.begins < link.accepted) world_.calls.at(request.call).touched = true;
}

void Judge::dial_failed(const Link& link) {
  world_.hit(Probe::dial_failed);
  OriginBook& book = origins_[link.origin];
  const Instant before = std::exchange(book.trouble_at, world_.now);
  if (link.dialled <= before) return;  // it may count as part of that
  ++book.failed_dials;
  book.failed_at = world_.now;
}

// S29: a pause after each failure, and at most 20 dials in 10 s while they fail.
void Judge::judge_dials(const OriginBook& book) {
  // A submit that finds the queue full places and dials at once, before a failure of its own batch.
  const Options& options = world_.swarm.options;
  const bool in_order = book.failed_at < world_.now ||
                        (options.queue_requests_max > 1000 && options.queue_bytes_max > 100'000);
  world_.require(!in_order || book.failed_dials == 0 ||
                     world_.now >= book.failed_at + std::chrono::milliseconds(25),
                 "S29: dialled again without a pause after a failure");
  if (book.dials.size() <= 20 || book.failed_dials == 0) return;
  const Instant since = book.dials[book.dials.size() - 21];
  world_.require(world_.now - since > std::chrono::seconds(10),
                 "S29: more than 20 dials within 10 s, and all fail");
}

void Judge::batch_begins() {
  inputs_ = 0;
  over_ = false;
}

void Judge::batch_ends() {
  judge_due_answers();
  judge_counts();
  judge_closings();
  judge_idleness();
}

// What had to be over when the batch was.
void Judge::judge_closings() {
  for (const std::size_t ordinal : strays_) {
    world_.hit(Probe::stray_bytes_closed);
    world_.require(links_.at(ordinal).life == LinkLife::gone,
                   "S3, S4: bytes came that nothing had asked for, or before it was asked in full, "
                   "and the connection lives on");
  }
  strays_.clear();
  for (const std::size_t ordinal : poisoned_) {
    world_.hit(Probe::wrong_answer_refused);
    world_.require(links_.at(ordinal).life == LinkLife::gone,
                   "S50: a caller refused an answer, and the connection lives on");
  }
  poisoned_.clear();
  for (const std::size_t number : cancelled_)
    world_.require(world_.calls.at(number).life == CallLife::complete,
                   text("S23, S24: call ", number, " was cancelled and is not complete"));
  cancelled_.clear();
}

// S30.
void Judge::judge_idleness() {
  const Duration late = world_.swarm.tick_late_max + world_.swarm.batch_window;
  for (const Link& link : links_) {
    const Record& record = link.record;
    Duration limit = world_.swarm.options.idle_timeout;
    if (record.hinted) limit = std::min<Duration>(limit, std::chrono::seconds(1));
    world_.require(
        link.life != LinkLife::open || !record.outstanding.empty() || record.garbled ||
            world_.now <= record.idle_since + limit + late,
        "S30: a connection is idle for longer than idle_timeout, or Keep-Alive less 1 s");
  }
}

// S26.
void Judge::judge_counts() {
  const Options& options = world_.swarm.options;
  std::vector<std::size_t> alive(origins_.size(), 0);
  for (const Link& link : links_)
    if (link.life != LinkLife::gone) ++alive[link.origin];
  std::size_t total = 0;
  for (const std::size_t count : alive) {
    world_.require(count <= options.connections_max, "S26: more sockets than connections_max");
    total += count;
  }
  world_.require(total <= options.connections_total_max,
                 "S26: more sockets than connections_total_max");
}

bool Judge::met_a_liar(const Call& call) {
  if (call.lied_to || call.link == 0) return call.lied_to;
  return links_.at(call.link).record.lied || links_.at(call.link).record.garbled;
}

bool Judge::surely_outstanding(const Call& call) {
  return call.outstanding && !links_.at(call.link).record.garbled && !may_have_moved(call);
}

// S22: out of a pipeline back to the queue, which can't be seen from here. Only that it happens
// can.
bool Judge::may_have_moved(const Call& call) { return call.behind && origins_[call.origin].moved; }

void Judge::look_at(const Stats& stats) {
  for (const OriginStats& origin : stats.origins)
    for (std::size_t i = 0; i < origins_.size(); ++i)
      if (origin.origin.starts_with(world_.swarm.origins[i].url + ":"))
        origins_[i].moved = origin.counters.moved_hung > 0;
}

void Judge::refused(const Call& call, const Error& error) {
  if (error.code == ErrorCode::closed) {
    world_.hit(Probe::refused_after_shut_down);
    return world_.require(shut_down_at_.has_value(), "S44: closed, and nobody has shut down");
  }
  world_.require(!shut_down_at_, "S44: a submit after shutting down is not answered with closed");
  world_.require(error.code == ErrorCode::queue_full, "S27: a request was refused");
  world_.hit(Probe::queue_full);
  std::size_t waiting = 0;
  std::size_t bytes = call.wire_bytes;
  for (const Call& other : world_.calls) {
    const bool counts = other.life == CallLife::live && other.origin == call.origin &&
                        (!surely_outstanding(other) || !only_input());
    if (!counts) continue;
    ++waiting;
    bytes += other.wire_bytes;
  }
  const Options& options = world_.swarm.options;
  world_.require(waiting >= options.queue_requests_max || bytes > options.queue_bytes_max,
                 text("S27: queue_full with ", waiting, " requests waiting, and ", bytes,
                      " bytes with the new one"));
}

// S25: after its completion a cancel means nothing.
void Judge::cancelled(Call& call) {
  if (call.life != CallLife::live) return world_.hit(Probe::cancelled_too_late);
  call.cancelled = true;
  over_ = true;
  cancelled_.push_back(call.number);
}

void Judge::taken() {
  world_.require(!shut_down_at_, "S44: a request was taken after shutting down");
}

void Judge::shut_down(Duration grace) {
  shut_down_at_ = world_.now;
  over_ = true;
  grace_ = grace;
  world_.hit(grace > Duration::zero() ? Probe::shut_down_with_grace : Probe::shut_down_at_once);
}

void Judge::everything_is_over() {
  for (const Call& call : world_.calls)
    world_.require(call.life == CallLife::complete || call.life == CallLife::refused,
                   text("S1: call ", call.number, " never completed"));
  world_.require(links_.alive() == 0, "S44: a connection is left after shutting down");
}

}  // namespace headrace::sim
