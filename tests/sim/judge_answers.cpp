#include <algorithm>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

void Judge::opened(Link& link) {
  OriginBook& book = origins_[link.origin];
  link.record.opened = true;
  link.record.must_prove = book.caution;
  link.record.troubles_before = book.troubles;
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
  Call& call = world_.calls.at(link.record.outstanding.front().call);
  const bool waits = call.life == CallLife::live && call.outstanding && call.link == link.ordinal;
  return waits ? &call : nullptr;
}

void Judge::count_head(Link& link, Mark& mark) {
  mark.head_counted = true;
  if (mark.answer.informational) return world_.hit(Probe::informational);
  Record& record = link.record;
  if (record.outstanding.empty()) return;
  // A swapped answer may be framed for another kind of request; then nobody can tell where it ends.
  if (record.lied && mark.answer.to_head != (record.outstanding.front().method == "HEAD"))
    record.garbled = true;
  if (mark.answer.status == 413 && mark.answer.closes) world_.hit(Probe::early_refusal);
  if (Call* call = head_call(link); call != nullptr && !over_) call->head_delivered = true;
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
    call->outstanding = false;
    due_.push_back({call->number, link.ordinal});
  } else {
    world_.hit(Probe::drained_after_cancel);
  }
  record.outstanding.pop_front();
  ++record.answers;
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
    if (call.link == link.ordinal) call.outstanding = false;
  }
  outstanding.resize(std::min(from, outstanding.size()));
}

// The stream ended from without. What the core did with it earlier in the same batch can't be seen,
// so only what is certain is held against it later.
void Judge::lost(Link& link, bool clean) {
  Record& record = link.record;
  if (clean && !record.marks.empty() && record.marks.front().answer.until_close &&
      record.marks.front().head_counted && !record.outstanding.empty()) {
    world_.hit(Probe::until_close);
    count_answer(link, record.marks.front());
  }
  if (record.outstanding.empty()) return;
  const bool certain = only_input() && !record.garbled && !record.lied;
  if (certain && !record.said_close) {
    world_.hit(Probe::lost_unannounced);
    if (record.outstanding.size() > 1) world_.hit(Probe::lost_with_followers);
    origins_[link.origin].caution = true;
    ++origins_[link.origin].troubles;
  }
  const bool touched = record.outstanding.front().begins < link.accepted;
  if (Call* call = head_call(link); call != nullptr && touched) {
    ++(certain ? call->strikes : call->closed_on);
    if (!call->repeatable) world_.hit(Probe::post_lost);
  }
  let_go(link, 0);
}

void Judge::closed_by_core(Link& link) {
  if (Call* call = head_call(link)) ++call->closed_on;
  if (!link.record.outstanding.empty() && head_call(link) == nullptr)
    world_.hit(Probe::draining_given_up);
  if (link.life == LinkLife::open && link.record.outstanding.empty() && inputs_ == 1)
    world_.hit(Probe::idle_closed);
  let_go(link, 0);
}

// An answer that is here as a whole completes its request, unless there is a reason to ask again.
void Judge::judge_due_answers() {
  for (const auto [number, ordinal] : due_) {
    Call& call = world_.calls.at(number);
    call.answer_due = false;
    if (call.life != CallLife::live) continue;
    const Link& link = links_.at(ordinal);
    if (link.record.lied || link.record.garbled) continue;
    const auto& statuses = world_.swarm.options.retry_statuses;
    if (std::ranges::find(statuses, call.due_status) != statuses.end() && call.repeatable) {
      ++call.strikes;
      call.not_before = world_.now + call.due_pause;
      continue;
    }
    const bool closed_before = link.life == LinkLife::gone && inputs_ > 1;
    world_.require(closed_before,
                   text("S2: call ", number, " has its whole answer and is not complete"));
  }
  due_.clear();
}

}  // namespace headrace::sim
