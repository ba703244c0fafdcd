#include "engine/core/profile.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/limits.hpp"

namespace headrace::core {

std::string_view name_of(Capability capability) noexcept {
  switch (capability) {
    case Capability::unknown:
      return "unknown";
    case Capability::capable:
      return "capable";
    case Capability::on_trial:
      return "on_trial";
    case Capability::off:
      return "off";
  }
  std::unreachable();
}

Profile::Profile(Pipelining mode, std::size_t depth_max)
    : mode_(mode),
      depth_max_(mode == Pipelining::off ? 1 : depth_max),
      depth_(depth_max_),
      pause_(limits::profile_pause_first) {
  if (mode != Pipelining::off) return;
  capability_ = Capability::off;
  off_until_ = Instant::max();
  reason_ = "switched off by the options";
}

std::size_t Profile::depth() const noexcept {
  if (capability_ == Capability::off) return 1;
  if (mode_ == Pipelining::learned && suspects_ > 0) return 1;
  return depth_;
}

bool Profile::on_probation() const noexcept {
  if (on_trial() || one_per_segment_) return true;
  return mode_ == Pipelining::learned && capability_ == Capability::unknown;
}

unsigned Profile::requests_max(Instant now) const noexcept {
  return now < requests_max_until_ ? requests_max_ : 0;
}

void Profile::refresh(Instant now) {
  if (capability_ == Capability::off && now >= off_until_) begin_trial(2);
}

void Profile::on_good_answer(bool calms) noexcept {
  proven_ = true;
  if (mode_ == Pipelining::fixed && capability_ == Capability::unknown)
    capability_ = Capability::capable;
  if (calms) caution_ = false;
}

void Profile::on_follower_answered() {
  if (mode_ == Pipelining::off || ++streak_ < limits::profile_streak) return;
  streak_ = 0;
  if (strikes_ > 0) --strikes_;
  depth_ = std::min(depth_max_, 2 * depth_);
  if (depth_ == depth_max_ && strikes_ == 0 && !one_per_segment_) {
    reason_.clear();
    pause_ = limits::profile_pause_first;
  }
}

void Profile::on_batch_passed() {
  if (capability_ == Capability::off) return;  // another connection has shown better
  capability_ = Capability::capable;
}

void Profile::on_closed_as_announced(Instant now, unsigned answered) {
  if (answered > 1) learn_requests_max(now, answered, 3);
}

void Profile::on_answers(unsigned answered) noexcept {
  answered_most_ = std::max(answered_most_, answered);
  if (answered > requests_max_) requests_max_ = 0;
}

void Profile::on_lost(Instant now, unsigned answered, std::size_t outstanding, bool between) {
  caution_ = true;
  if (answered > 0 && between) learn_requests_max(now, answered, 2);
  if (outstanding < 2 || mode_ != Pipelining::learned || capability_ == Capability::off) return;
  if (between && answered > 0 && requests_max(now) == answered) return;  // explained
  streak_ = 0;
  depth_ = (depth_ + 1) / 2;
  if (++strikes_ >= limits::profile_strikes || on_trial())
    return turn_off(now, "connections were lost with pipelines on them");
  reason_ = "halved after a connection was lost with a pipeline on it";
}

void Profile::on_suspicion_settled(Instant now, bool dropped) {
  --suspects_;
  if (!dropped || mode_ != Pipelining::learned || capability_ == Capability::off) return;
  if (one_per_segment_)
    return turn_off(now, "requests behind others were dropped, also with one a segment");
  one_per_segment_ = true;
  reason_ = "one request a segment, because requests behind others were dropped";
  begin_trial(std::max<std::size_t>(2, depth_ / 2));
}

void Profile::on_shifted(Instant now, std::string reason) { turn_off(now, std::move(reason)); }

void Profile::learn_requests_max(Instant now, unsigned answered, unsigned proof) {
  ended_alike_ = answered == ended_after_ ? ended_alike_ + 1 : 1;
  ended_after_ = answered;
  if (mode_ != Pipelining::learned || ended_alike_ < proof || answered < answered_most_) return;
  if (requests_max(now) != answered) {  // what it has cost so far is explained with it
    strikes_ = 0;
    depth_ = depth_max_;
  }
  requests_max_ = answered;
  requests_max_until_ = now + limits::requests_max_kept;
  reason_ = "the server ends connections after " + std::to_string(answered) + " requests";
}

void Profile::turn_off(Instant now, std::string reason) {
  capability_ = Capability::off;
  reason_ = std::move(reason);
  strikes_ = 0;
  streak_ = 0;
  off_until_ = now + pause_;
  pause_ = std::min(2 * pause_, limits::profile_pause_last);
}

void Profile::begin_trial(std::size_t depth) {
  capability_ = Capability::on_trial;
  depth_ = std::min(depth_max_, depth);
  streak_ = 0;
}

void Profile::load(const LearnedProfile& learned, Instant now) {
  if (mode_ != Pipelining::learned) return;
  proven_ = learned.capability == Capability::capable;
  capability_ = learned.capability;
  depth_ = std::clamp<std::size_t>(learned.depth, 1, depth_max_);
  one_per_segment_ = learned.one_per_segment;
  reason_ = learned.reason;
  requests_max_ = learned.requests_max;
  requests_max_until_ = now + (requests_max_ > 0 ? limits::requests_max_kept : Duration::zero());
  if (capability_ == Capability::off) off_until_ = now + pause_;
}

LearnedProfile Profile::learned() const {
  return {.capability = capability_,
          .depth = depth_,
          .one_per_segment = one_per_segment_,
          .requests_max = requests_max_,
          .reason = reason_};
}

}  // namespace headrace::core
