#include <algorithm>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

// Those behind the place `from` have nothing more to expect on this connection.
void Judge::let_go(Link& link, std::size_t from) {
  auto& outstanding = link.record.outstanding;
  for (std::size_t i = from; i < outstanding.size(); ++i) {
    Call& call = world_.calls.at(outstanding[i].call);
    if (call.written == outstanding[i].attempt) call.outstanding = false;
  }
  outstanding.resize(std::min(from, outstanding.size()));
}

// The stream ended from without. What the core did with it earlier in the same batch can't be seen,
// so only what is certain is held against it later.
void Judge::lost(Link& link, bool clean) {
  Record& record = link.record;
  if (record.answers == 0) origins_[link.origin].trouble_at = world_.now;
  if (clean && !record.marks.empty() && record.marks.front().answer.until_close &&
      record.marks.front().head_counted && !record.outstanding.empty()) {
    world_.hit(Probe::until_close);
    count_answer(link, record.marks.front());
  }
  if (record.outstanding.empty()) return forget_held(link);
  const bool certain =
      !over_ && link.received_in != world_.batch && !record.garbled && !record.lied;
  if (certain && !record.said_close) {
    world_.hit(Probe::lost_unannounced);
    if (record.outstanding.size() > 1) world_.hit(Probe::lost_with_followers);
    origins_[link.origin].caution = true;
    ++origins_[link.origin].troubles;
  }
  const bool touched = record.outstanding.front().begins < link.accepted;
  if (Call* call = head_call(link); call != nullptr && touched) {
    ++(certain && !may_have_moved(*call) ? call->strikes : call->closed_on);
    if (!call->repeatable) world_.hit(Probe::post_lost);
  }
  forget_held(link);
  let_go(link, 0);
}

void Judge::closed_by_core(Link& link) {
  if (link.life == LinkLife::open && link.record.answers == 0)
    origins_[link.origin].trouble_at = world_.now;
  OriginBook& book = origins_[link.origin];
  if (link.life == LinkLife::dialling && book.opened_at == world_.now) {
    book.trouble_at = world_.now;  // before or after a dial of the same batch that succeeded
  } else if (link.life == LinkLife::dialling && !shut_down_at_) {
    dial_failed(link);
  }
  forget_held(link);
  if (Call* call = head_call(link)) ++call->closed_on;
  if (!link.record.outstanding.empty() && head_call(link) == nullptr)
    world_.hit(Probe::draining_given_up);
  if (link.life == LinkLife::open && link.record.outstanding.empty() && inputs_ == 1)
    probe_idle_close(link);
  let_go(link, 0);
}

void Judge::probe_idle_close(const Link& link) {
  world_.hit(Probe::idle_closed);
  const Options& options = world_.swarm.options;
  if (world_.now >= link.record.idle_since + options.idle_timeout) return;
  const Duration lifetime = options.connection_lifetime;
  if (link.record.hinted) return world_.hit(Probe::keep_alive_hint);
  if (lifetime > Duration::zero() && world_.now >= link.record.opened + lifetime * 9 / 10)
    world_.hit(Probe::lifetime_reached);
}

}  // namespace headrace::sim
