#include <algorithm>
#include <utility>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

// Answers that were held back go with their connection.
void Judge::forget_held(const Link& link) {
  for (const Due& due : due_)
    if (due.link == link.ordinal && due.behind) world_.calls.at(due.call).may_be_lost = true;
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
  const bool again = asks_again(call, call.due_status);
  const bool dropped = link.life == LinkLife::gone && (due.behind || inputs_ > 1);
  if (dropped && !again) call.may_be_lost = true;
  return (due.behind && origins_[call.origin].moved) || link.record.lied || link.record.garbled ||
         again || dropped;
}

}  // namespace headrace::sim
