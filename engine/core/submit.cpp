#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

Result<ExchangeId> Core::Impl::submit(Instant now, Submission&& submission) {
  now_ = now;
  if (closing_) {
    return std::unexpected(Error{.code = ErrorCode::closed,
                                 .safe_to_repeat = true,
                                 .origin = http::to_string(submission.prepared.site->origin),
                                 .detail = "the engine is shutting down"});
  }
  OriginState& origin = origin_for(*submission.prepared.site);
  http::Prepared& prepared = submission.prepared;
  if (!has_room(origin, prepared.bytes())) {
    // Requests of the batch under way may have a connection waiting for them (S27).
    pump(origin);
    if (!has_room(origin, prepared.bytes())) return std::unexpected(queue_full(origin));
  }

  std::unique_ptr<Course> course;
  if (submission.verify || prepared.body_bytes > 0) course = std::make_unique<Course>();
  if (prepared.traits.shares_rest && prepared.site != origin.site.get()) own_rest(origin, prepared);

  Exchange& exchange = exchanges_.emplace();
  exchange.tag = submission.tag;
  exchange.origin = origin.id.index;
  exchange.wire = std::move(prepared.wire);
  exchange.traits = prepared.traits;
  exchange.streamed = submission.streamed;
  if (exchange.streamed) exchange.traits.pipelinable = false;  // S8
  if (course) {
    course->verify = std::move(submission.verify);
    course->body_bytes = prepared.body_bytes;
    exchange.course = std::move(course);
  }
  exchange.sequence = origin.newest = next_sequence_++;
  exchange.submitted = now;
  exchange.timer = Timer(TimerKind::exchange, exchange.id.index);
  if (submission.timeout) timers_.set(exchange.timer, now + *submission.timeout);
  ++origin.live;
  ++origin.counters.submitted;
  origin.resends.add(limits::resends_per_request);
  enqueue_back(origin, exchange);
  return exchange.id;
}

Error Core::Impl::queue_full(const OriginState& origin) {
  return {.code = ErrorCode::queue_full,
          .safe_to_repeat = true,
          .origin = origin.name,
          .detail = std::to_string(origin.waiting()) + " requests of " +
                    std::to_string(origin.queued_bytes) +
                    " bytes wait already: submit more slowly, or raise queue_requests_max or "
                    "queue_bytes_max"};
}

// The rest of its head is written as the origin's site has it. Where the request's own site says
// something else, though it should not, the rest becomes part of the request.
void Core::Impl::own_rest(const OriginState& origin, http::Prepared& prepared) {
  if (origin.site->rest == prepared.site->rest) return;
  prepared.wire = http::Wire(prepared.text());
  prepared.traits.shares_rest = false;
}

OriginState& Core::Impl::origin_for(const http::Site& wanted) {
  if (OriginState* last = origins_.find(last_origin_); last && last->site.get() == &wanted)
    return *last;
  if (const auto found = origin_ids_.find(wanted.origin); found != origin_ids_.end()) {
    OriginState& origin = *origins_.find(found->second);
    // The caller's thread will name it by this one again.
    if (origin.site->rest == wanted.rest) origin.site = wanted.shared_from_this();
    last_origin_ = origin.id;
    return origin;
  }
  if (origins_.size() >= limits::idle_origins_max) forget_idle_origin();
  return add_origin(wanted);
}

OriginState& Core::Impl::add_origin(const http::Site& wanted) {
  const std::string name = http::to_string(wanted.origin);
  const OriginOptions& own = rules_.options_for(name);
  const double per_second = own.requests_per_second.value_or(options_.requests_per_second);
  const double pool = static_cast<double>(options_.pipeline_depth) * options_.connections_max;

  Profile profile(own.pipelining.value_or(options_.pipelining), options_.pipeline_depth);
  TokenBucket resends(limits::resends_per_second, pool + limits::resends_saved_max, now_);
  resends.leave(pool + limits::resends_per_second);
  std::optional<TokenBucket> rate;
  if (per_second > 0) {
    constexpr double ahead = std::chrono::duration<double>(limits::rate_burst).count();
    rate.emplace(per_second, per_second * ahead, now_);
  }
  OriginState& origin = origins_.emplace(std::move(profile), resends, rate);
  origin.site = wanted.shared_from_this();
  origin.name = name;
  origin.in_flight_max = own.in_flight_max.value_or(options_.in_flight_max);
  origin.timer = Timer(TimerKind::origin, origin.id.index);
  if (const ProfileLine* earlier = rules_.profile_for(name)) {
    origin.profile.load(earlier->learned, now_);
    origin.times.load(earlier->per_answer, earlier->silence);
  }
  if (options_.log) origin.logged = origin.profile.learned();
  origin_ids_.emplace(wanted.origin, origin.id);
  return origin;
}

// The one that was not asked for longest.
void Core::Impl::forget_idle_origin() {
  OriginState* unused = nullptr;
  origins_.for_each([&](OriginState& origin) {
    const bool older = unused == nullptr || origin.newest < unused->newest;
    if (origin.connections.empty() && origin.live == 0 && older) unused = &origin;
  });
  if (unused == nullptr) return;
  timers_.clear(unused->timer);
  origin_ids_.erase(unused->site->origin);
  origins_.erase(*unused);
}

void Core::Impl::enqueue_back(OriginState& origin, Exchange& exchange) {
  exchange.life = ExchangeLife::queued;
  origin.queue_of(exchange).push_back(exchange);
  origin.queued_bytes += origin.bytes_of(exchange);
  touch(origin);
}

void Core::Impl::enqueue_front(OriginState& origin, Exchange& exchange) {
  exchange.life = ExchangeLife::queued;
  exchange.course->answering = false;
  origin.queue_of(exchange).push_front(exchange);
  origin.queued_bytes += origin.bytes_of(exchange);
  touch(origin);
}

void Core::Impl::dequeue(OriginState& origin, Exchange& exchange) {
  origin.queue_of(exchange).erase(exchange);
  origin.queued_bytes -= origin.bytes_of(exchange);
}

// Wherever it waits, if it does: for a place, or for its pause to pass.
void Core::Impl::leave_queue(Exchange& exchange) {
  OriginState& origin = origins_[exchange.origin];
  if (exchange.life == ExchangeLife::queued) return dequeue(origin, exchange);
  if (exchange.life != ExchangeLife::paused) return;
  --origin.paused;
  origin.queued_bytes -= origin.bytes_of(exchange);
}

}  // namespace headrace::core
