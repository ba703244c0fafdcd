#include <algorithm>

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
  // A swapped answer may be framed for another kind of request; then nobody can tell where it ends,
  // nor, from outside, whether it was a good one.
  if (record.lied && mark.answer.to_head != (record.outstanding.front().method == "HEAD"))
    record.garbled = origins_[link.origin].proven = true;
  // S4. To a request that waits for leave to send its body any final status is an answer, since
  // nothing of that body was sent (9110 §10.1.1).
  const bool answerable = mark.answer.status >= 400 || record.parser.owes_body();
  if (mark.early && !answerable && !record.garbled) strays_.push_back(link.ordinal);
  if (mark.answer.status == 413 && mark.answer.closes) world_.hit(Probe::early_refusal);
  record.hinted = record.hinted || mark.answer.hints;
  if (Call* call = head_call(link); call != nullptr && !over_)
    call->head_delivered = !may_have_moved(*call);
  // Of a streamed answer the head decides, and the rest may never be read.
  if (Call* call = head_call(link);
      call != nullptr && call->streamed && asks_again(*call, mark.answer.status))
    note_answer(*call, mark);
  // S4: an error that comes while its request, or what a liar makes it look like, is still being
  // written is the connection's last answer.
  const bool refused_early = mark.early && answerable;
  if (!mark.answer.closes && !record.outstanding.front().asks_close && !refused_early) return;
  record.said_close = true;
  if (record.outstanding.size() > 1) world_.hit(Probe::closed_after_announcement);
  let_go(link, 1);
}

// From here on it may be asked again, or is over.
void Judge::note_answer(Call& call, const Mark& mark) {
  call.answer_due = true;
  call.due_status = mark.answer.status;
  call.due_pause = mark.answer.retry_after;
  call.due_at = world_.now;
  call.outstanding = false;
}

bool Judge::asks_again(const Call& call, int status) {
  const auto& statuses = world_.swarm.options.retry_statuses;
  return call.repeatable && std::ranges::find(statuses, status) != statuses.end();
}

void Judge::count_answer(Link& link, const Mark& mark) {
  Record& record = link.record;
  if (record.outstanding.empty()) return;
  if (Call* call = head_call(link)) {
    world_.require(record.lied || record.garbled || mark.answer.call == call->number,
                   "the simulator's own books are wrong");
    note_answer(*call, mark);
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

}  // namespace headrace::sim
