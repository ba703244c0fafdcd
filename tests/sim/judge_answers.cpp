#include <algorithm>
#include <utility>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

void Judge::opened(Link& link) {
  OriginBook& book = origins_[link.origin];
  link.record.opened = link.record.idle_since = world_.now;
  link.record.must_prove = book.caution;
  link.record.troubles_before = book.troubles;
  book.opened_at = world_.now;
  book.failed_dials = 0;
  book.dials.clear();
}

// Which requests these bytes answer, as anybody would see it who reads the wire (S2).
void Judge::delivered(Link& link, Bytes bytes) {
  Record& record = link.record;
  const std::size_t to = link.delivered + bytes.size();
  std::size_t answered_to = link.delivered;
  if (bytes.size() == 1) world_.hit(Probe::answer_in_single_bytes);
  while (!record.marks.empty()) {
    Mark& mark = record.marks.front();
    if (!mark.begun && mark.begins < to) count_begin(link, mark);
    if (!mark.head_counted && mark.head_ends <= to) count_head(link, mark);
    if (mark.ends > to) break;
    answered_to = mark.ends;
    if (!mark.answer.informational) count_answer(link, mark);
    record.marks.pop_front();
  }
  const Bytes rest = bytes.substr(std::max(answered_to, link.delivered) - link.delivered);
  link.delivered = to;
  if (record.garbled) return;
  if (record.outstanding.empty() && rest.find_first_not_of("\r\n") != Bytes::npos)
    strays_.push_back(link.ordinal);
}

Call* Judge::head_call(const Link& link) {
  if (link.record.outstanding.empty()) return nullptr;
  const Written& head = link.record.outstanding.front();
  Call& call = world_.calls.at(head.call);
  const bool waits =
      call.life == CallLife::live && call.outstanding && call.written == head.attempt;
  return waits ? &call : nullptr;
}

void Judge::count_begin(const Link& link, Mark& mark) {
  mark.begun = true;
  mark.early =
      !link.record.outstanding.empty() && link.accepted < link.record.outstanding.front().ends;
}

void Judge::count_head(Link& link, Mark& mark) {
  mark.head_counted = true;
  if (mark.answer.informational) return world_.hit(Probe::informational);
  Record& record = link.record;
  if (record.outstanding.empty()) return;
  // A swapped answer may be framed for another kind of request; then nobody can tell where it ends.
  if (record.lied && mark.answer.to_head != (record.outstanding.front().method == "HEAD"))
    record.garbled = true;
  if (mark.early && mark.answer.status < 400 && !record.garbled) strays_.push_back(link.ordinal);
  if (mark.answer.status == 413 && mark.answer.closes) world_.hit(Probe::early_refusal);
  record.hinted = record.hinted || mark.answer.hints;
  if (Call* call = head_call(link); call != nullptr && !over_)
    call->head_delivered = !may_have_moved(*call);
  if (!mark.answer.closes && !record.outstanding.front().asks_close) return;
  record.said_close = true;
  if (record.outstanding.size() > 1) world_.hit(Probe::closed_after_announcement);
  let_go(link, 1);
}

void Judge::count_answer(Link& link, const Mark& mark) {
  Record& record = link.record;
  if (record.outstanding.empty()) return;
  if (Call* call = head_call(link)) {
    world_.require(record.lied || record.garbled || mark.answer.call == call->number,
                   "the simulator's own books are wrong");
    call->answer_due = true;
    call->due_status = mark.answer.status;
    call->due_pause = mark.answer.retry_after;
    call->due_at = world_.now;
    call->outstanding = false;
    const Written& head = record.outstanding.front();
    due_.push_back({call->number, link.ordinal, head.attempt, head.behind});
    if (call->request.verify && mark.answer.call != call->number && !record.garbled &&
        !may_have_moved(*call) && !over_)
      poisoned_.push_back(link.ordinal);
  } else {
    world_.hit(Probe::drained_after_cancel);
  }
  record.outstanding.pop_front();
  ++record.answers;
  record.idle_since = world_.now;
  if (mark.answer.proves) count_proof(link);
  if (!mark.answer.proves && !mark.answer.closes) world_.hit(Probe::http10_kept_alive);
}

void Judge::count_proof(Link& link) {
  OriginBook& book = origins_[link.origin];
  ++link.record.proofs;
  book.proven = true;
  if (link.record.must_prove && link.record.proofs == 1) world_.hit(Probe::depth_one_after_trouble);
  if (link.record.troubles_before == book.troubles) book.caution = false;
}

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

// Answers that were held back go with their connection.
void Judge::forget_held(const Link& link) {
  for (const Due& due : due_)
    if (due.link == link.ordinal && due.behind) world_.calls.at(due.call).may_be_lost = true;
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

// An answer that is here as a whole completes its request, unless there is a reason to ask again.
// One that was written behind others may be held back till all of its batch are answered.
void Judge::judge_due_answers() {
  std::vector<Due> waiting;
  for (const Due& due : due_) {
    const Call& call = world_.calls.at(due.call);
    const Link& link = links_.at(due.link);
    if (call.life != CallLife::live || call.written != due.attempt) continue;
    if (due.behind && link.life != LinkLife::gone && !link.record.outstanding.empty()) {
      world_.hit(Probe::held_back);
      waiting.push_back(due);
    } else {
      world_.require(may_wait(due),
                     text("S2: call ", due.call, " has its whole answer and is not complete"));
    }
  }
  due_ = std::move(waiting);
}

// True when nothing can be said of the answer any more.
bool Judge::may_wait(const Due& due) {
  Call& call = world_.calls.at(due.call);
  const Link& link = links_.at(due.link);
  const auto& statuses = world_.swarm.options.retry_statuses;
  const bool asks_again =
      call.repeatable && std::ranges::find(statuses, call.due_status) != statuses.end();
  const bool dropped = link.life == LinkLife::gone && (due.behind || inputs_ > 1);
  if (dropped && !asks_again) call.may_be_lost = true;
  return (due.behind && origins_[call.origin].moved) || link.record.lied || link.record.garbled ||
         asks_again || dropped;
}

}  // namespace headrace::sim
