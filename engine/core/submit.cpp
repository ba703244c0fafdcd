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
                                 .origin = http::to_string(*submission.prepared.origin),
                                 .detail = "the engine is shutting down"});
  }
  OriginState& origin = origin_for(submission.prepared.origin);
  if (Result<void> room = check_room(origin, submission); !room)
    return std::unexpected(std::move(room.error()));

  http::Prepared& prepared = submission.prepared;
  std::unique_ptr<Course> course;
  if (submission.verify || prepared.body_bytes > 0) course = std::make_unique<Course>();
  const bool shares = shares_rest(origin, prepared);

  Exchange& exchange = exchanges_.emplace();
  exchange.tag = submission.tag;
  exchange.origin = origin.id.index;
  exchange.shares_rest = shares;
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

// S27. Requests of the batch under way may have a connection waiting for them, so they are placed
// before the queue is called full.
Result<void> Core::Impl::check_room(OriginState& origin, const Submission& submission) {
  const std::size_t bytes = submission.prepared.bytes();
  const auto fits = [&] {
    return origin.waiting() + origin.paused < options_.queue_requests_max &&
           bytes <=
               options_.queue_bytes_max - std::min(origin.queued_bytes, options_.queue_bytes_max);
  };
  if (fits()) return {};
  pump(origin);
  if (fits()) return {};
  return std::unexpected(
      Error{.code = ErrorCode::queue_full,
            .safe_to_repeat = true,
            .origin = origin.name,
            .detail = std::to_string(origin.waiting()) + " requests of " +
                      std::to_string(origin.queued_bytes) +
                      " bytes wait already: submit more slowly, or raise queue_requests_max or "
                      "queue_bytes_max"});
}

// The rest of its head is kept once for all of them. One that differs, though it should not, is
// made the request's own.
bool Core::Impl::shares_rest(OriginState& origin, http::Prepared& prepared) {
  if (prepared.rest.empty()) return false;
  if (origin.rest.empty()) origin.rest = prepared.rest;
  if (prepared.rest.data() == origin.rest_seen) return true;
  if (origin.rest == prepared.rest) {
    origin.rest_seen = prepared.rest.data();
    return true;
  }
  prepared.wire = http::Wire(prepared.text());
  return false;
}

OriginState& Core::Impl::origin_for(const std::shared_ptr<const http::Origin>& wanted) {
  if (OriginState* last = origins_.find(last_origin_); last != nullptr && last->origin == wanted)
    return *last;
  if (const auto found = origin_ids_.find(*wanted); found != origin_ids_.end()) {
    OriginState& origin = *origins_.find(found->second);
    origin.origin = wanted;  // the caller's thread will name it by this pointer again
    origin.rest_seen = nullptr;
    last_origin_ = origin.id;
    return origin;
  }
  if (origins_.size() >= limits::idle_origins_max) forget_idle_origin();
  return add_origin(wanted);
}

OriginState& Core::Impl::add_origin(const std::shared_ptr<const http::Origin>& wanted) {
  const std::string name = http::to_string(*wanted);
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
  origin.origin = wanted;
  origin.name = name;
  origin.in_flight_max = own.in_flight_max.value_or(options_.in_flight_max);
  origin.timer = Timer(TimerKind::origin, origin.id.index);
  if (const ProfileLine* earlier = rules_.profile_for(name)) {
    origin.profile.load(earlier->learned, now_);
    origin.times.load(earlier->per_answer, earlier->silence);
  }
  if (options_.log) origin.logged = origin.profile.learned();
  origin_ids_.emplace(*wanted, origin.id);
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
  origin_ids_.erase(*unused->origin);
  origins_.erase(unused->id);
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
