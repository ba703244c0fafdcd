#include "engine/io/resolver.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/limits.hpp"

namespace headrace::io {
namespace {

// Asking again would help at once with any other failure.
bool is_lasting(int code) { return code == UV_EAI_NONAME || code == UV_EAI_NODATA; }

}  // namespace

Resolver::Waiter::~Waiter() {
  if (question_ == nullptr) return;
  question_->waiters.erase(*this);
  if (question_->waiters.empty()) question_->resolver.on_nobody_waits(*question_);
}

void Resolver::resolve(Instant now, const std::string& host, Waiter& waiter) {
  if (const Answer* known = fresh_answer(now, host)) {
    const Answer answer = *known;  // the waiter may make us forget
    return waiter.on_resolved(answer.code, answer.addresses);
  }
  if (const int code = ask(now, host); code != 0) return waiter.on_resolved(code, {});
  Question& question = questions_.at(host);
  question.waiters.push_back(waiter);
  waiter.question_ = &question;
}

const Resolver::Answer* Resolver::fresh_answer(Instant now, const std::string& host) const {
  const auto found = known_.find(host);
  if (found == known_.end()) return nullptr;
  const Answer& answer = found->second;
  const Duration kept = answer.code == 0 ? limits::addresses_kept : limits::no_address_kept;
  return now - answer.asked < kept ? &answer : nullptr;
}

// Nothing to do when that question is under way.
int Resolver::ask(Instant now, const std::string& host) {
  const auto [at, is_new] = questions_.try_emplace(host, *this, host, now);
  if (!is_new) return 0;
  Question& question = at->second;
  Lookup::Events& events = question;
  question.lookup.reset(new Lookup(events));
  const int code = question.lookup->start(loop_, system_, host);
  if (code != 0) questions_.erase(at);
  return code;
}

// The question is out of the way before anybody is told: what is asked meanwhile is a new one.
void Resolver::on_answer(const Question& question, int code,
                         const std::vector<Address>& addresses) {
  const auto answered = questions_.extract(question.host);
  auto& waiters = answered.mapped().waiters;
  if (code == 0 || is_lasting(code)) remember(answered.mapped(), code, addresses);
  while (Waiter* waiter = waiters.front()) {
    waiters.erase(*waiter);
    waiter->question_ = nullptr;
    waiter->on_resolved(code, addresses);
  }
}

void Resolver::remember(const Question& question, int code, const std::vector<Address>& addresses) {
  if (known_.size() >= limits::names_kept_max && !known_.contains(question.host))
    known_.erase(
        std::ranges::min_element(known_, {}, [](const auto& known) { return known.second.asked; }));
  known_.insert_or_assign(question.host,
                          Answer{.asked = question.asked, .code = code, .addresses = addresses});
}

// Once begun it can't be called back, and goes on for whoever asks next.
void Resolver::on_nobody_waits(Question& question) {
  if (!question.lookup->call_back()) return;
  const std::string host = question.host;  // erased with it
  questions_.erase(host);
}

}  // namespace headrace::io
