#include "engine/api/lease_rules.hpp"

#include <utility>

namespace headrace::api {

LeaseRules::Wait LeaseRules::on_wait(bool may_ask) {
  ++waiters_;
  if (holder_ == Holder::parked) {
    holder_ = Holder::leased;
    used_ = true;
    return Wait::run;
  }
  if (holder_ != Holder::background || waiters_ > 1 || !may_ask) return Wait::sleep;
  holder_ = Holder::asked;
  return Wait::ask;
}

// While one asks all others sleep: who asked and finds the loop asked for, finds its own wish.
void LeaseRules::on_wait_over(bool asked) {
  --waiters_;
  if (asked && holder_ == Holder::asked) holder_ = Holder::background;
}

// Parked it would be of no use to those who still wait.
bool LeaseRules::on_return(bool needed) {
  --waiters_;
  if (needed || waiters_ > 0) {
    holder_ = Holder::background;
    return true;
  }
  holder_ = Holder::parked;
  used_ = true;
  return std::exchange(asleep_, false);
}

bool LeaseRules::on_came_out() {
  if (holder_ != Holder::asked) return false;
  if (waiters_ > 1) {
    holder_ = Holder::background;
    return false;
  }
  holder_ = Holder::leased;
  used_ = true;
  return true;
}

LeaseRules::Look LeaseRules::on_look() {
  asleep_ = false;
  if (holder_ == Holder::background || holder_ == Holder::asked) return Look::take;
  if (std::exchange(used_, false)) return Look::doze;
  if (holder_ == Holder::parked) {
    holder_ = Holder::background;
    return Look::take;
  }
  asleep_ = true;
  return Look::sleep;
}

bool LeaseRules::on_mail() {
  if (holder_ != Holder::parked) return false;
  holder_ = Holder::background;
  return true;
}

}  // namespace headrace::api
