#include <algorithm>
#include <utility>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

// What the core hands over is whole requests, each of which may be written here and now.
void Judge::handed_over(Link& link, Bytes bytes) {
  Record& record = link.record;
  world_.require(link.life == LinkLife::open, "a Write names a connection that is not open");
  world_.require(!link.writing(), "a Write came before the last one was accepted");
  record.parser.feed(bytes);
  std::string names;
  while (const auto request = record.parser.next()) {
    Call& call = world_.calls.at(request->call);
    names += text(" ", call.request.method, " ", call.number);
    judge_repeat(call);
    judge_lifetime(link);
    judge_status_retry(call);
    judge_place(link, call, record.outstanding.size());
    judge_pace(link);
    call.lied_to = met_a_liar(call);
    call.outstanding = true;
    call.head_delivered = false;
    // What was answered in this batch may have been outstanding when the place was given.
    call.behind = !record.outstanding.empty() || record.idle_since == world_.now;
    call.link = link.ordinal;
    ++call.written;
    record.asked_close = request->asks_close;
    record.outstanding.push_back({*request, call.written, call.behind});
    ++record.requests;
  }
  world_.note(text("Write ", link.ordinal, ":", names, " (", bytes.size(), " bytes)"));
  world_.require(record.parser.empty() && record.parser.complaint().empty(),
                 "S37: a Write is not whole requests and nothing else");
}

// Who may be behind whom (S6-S8, S11).
void Judge::judge_place(const Link& link, const Call& call, std::size_t outstanding) {
  const Record& record = link.record;
  world_.require(!record.asked_close, "S11: written after a request with Connection: close");
  if (record.garbled) return;
  world_.require(!record.said_close, "S11: written after an answer that said it was the last");
  if (outstanding == 0) return;
  world_.hit(Probe::pipelined);
  world_.require(call.pipelinable, text("S6, S8: call ", call.number,
                                        ", which may not share a pipeline, was written "
                                        "behind others"));
  const auto solo = std::ranges::find_if(record.outstanding, [&](const SeenRequest& before) {
    return !world_.calls.at(before.call).pipelinable;
  });
  world_.require(solo == record.outstanding.end(),
                 text("S7, S8: call ", call.number,
                      " was written behind one that may not have others behind it"));
  judge_depth(link, outstanding);
}

void Judge::judge_depth(const Link& link, std::size_t outstanding) {
  const OriginBook& book = origins_[link.origin];
  const Record& record = link.record;
  world_.require(outstanding < book.depth, "S9: more outstanding than the depth allows");
  if (outstanding + 1 == book.depth) world_.hit(Probe::pipelined_at_full_depth);
  if (record.proofs > 0) return;
  world_.require(book.proven, "S9: pipelined before the origin has delivered a good response");
  world_.require(!record.must_prove,
                 "S10: pipelined on a connection that follows an unannounced failure and has "
                 "delivered nothing");
}

// S13, S14, S18, S23.
void Judge::judge_repeat(const Call& call) {
  const auto who = [&] { return text("call ", call.number); };
  world_.require(call.life == CallLife::live, text("S23: ", who(), ", which is over, was written"));
  world_.require(!surely_outstanding(call),
                 text("S14: ", who(), " was written while it is outstanding"));
  world_.require(!call.begun, text("S13: ", who(), " was written after its answer had begun"));
  world_.require(call.repeatable || !call.touched,
                 text("S14: ", who(), ", which may not be repeated, was written again"));
  world_.require(call.strikes < world_.swarm.options.attempts_max,
                 text("S13: ", who(), " was written again after it had used up attempts_max"));
  world_.require(call.written < 200, text("S13: ", who(), " is written again and again"));
}

// S18: asked again because of a status only where the caller has said so, and not too soon.
void Judge::judge_status_retry(Call& call) {
  if (!std::exchange(call.answer_due, false) || met_a_liar(call) || may_have_moved(call)) return;
  if (std::exchange(call.may_be_lost, false)) return;
  const auto& statuses = world_.swarm.options.retry_statuses;
  const bool asks_again = std::ranges::find(statuses, call.due_status) != statuses.end();
  const auto who = [&] { return text("call ", call.number); };
  world_.require(asks_again, text("S2: ", who(), " was answered and written again"));
  world_.require(++call.retries < world_.swarm.options.attempts_max,
                 text("S18: ", who(), " was asked again more often than attempts_max allows"));
  world_.require(world_.now >= call.due_at + call.due_pause,
                 text("S18: ", who(), " was asked again before Retry-After had passed"));
  world_.hit(call.due_pause > Duration::zero() ? Probe::retry_after : Probe::retry_by_status);
}

// S30.
void Judge::judge_lifetime(const Link& link) {
  const Options& options = world_.swarm.options;
  const Record& record = link.record;
  const unsigned most = options.connection_requests_max;
  world_.require(most == 0 || record.requests < most,
                 "S30: more requests on a connection than connection_requests_max");
  if (most > 0 && record.requests + 1 == most) world_.hit(Probe::requests_max_reached);
  const Duration lifetime = options.connection_lifetime;
  if (lifetime == Duration::zero() || !record.outstanding.empty()) return;
  world_.require(world_.now <= record.opened + lifetime * 11 / 10 + std::chrono::milliseconds(1),
                 "S30: a new request on a connection that has outlived connection_lifetime");
}

// A bucket of one tenth of a second's requests, at least one; a microsecond is rounding.
void Judge::judge_pace(const Link& link) {
  OriginBook& book = origins_[link.origin];
  const auto outstanding = std::ranges::count_if(world_.calls, [&](const Call& call) {
    return call.origin == link.origin && call.life == CallLife::live && surely_outstanding(call);
  });
  world_.require(book.in_flight_max == 0 || outstanding < book.in_flight_max,
                 "in_flight_max: more are outstanding");
  if (book.requests_per_second == 0) return;
  const Duration each = std::chrono::nanoseconds(1'000'000'000 / book.requests_per_second);
  const auto burst = std::max(1U, book.requests_per_second / 10);
  book.paid_until = std::max(book.paid_until, world_.now) + each;
  world_.require(book.paid_until - world_.now <= burst * each + std::chrono::microseconds(1),
                 "requests_per_second: more were started than the rate and its burst allow");
}

}  // namespace headrace::sim
