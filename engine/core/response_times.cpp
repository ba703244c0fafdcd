#include "engine/core/response_times.hpp"

#include <algorithm>

#include "engine/base/limits.hpp"

namespace headrace::core {

void ResponseTimes::on_answer(Duration as_head, Duration silence, bool fresh) noexcept {
  if (!known_) return load(as_head, silence);
  per_answer_ += (as_head - per_answer_) / 8;
  if (silence > silence_) {
    silence_ = std::min(silence, 2 * std::max(silence_, limits::patience_least / 2));
  } else {
    silence_ -= (silence_ - silence) / (fresh ? 16 : 256);
  }
}

void ResponseTimes::load(Duration per_answer, Duration silence) noexcept {
  known_ = true;
  per_answer_ = per_answer;
  silence_ = silence;
}

std::optional<Duration> ResponseTimes::patience() const noexcept {
  if (!known_) return std::nullopt;
  return std::max(2 * silence_, limits::patience_least);
}

Duration expected_wait(const WaitFacts& facts) noexcept {
  if (facts.outstanding == 0) return Duration::zero();
  const Duration usual = std::max(facts.per_answer, Duration(1));
  const Duration head = facts.head_age < usual ? usual - facts.head_age : facts.head_age;
  return head + static_cast<Duration::rep>(facts.outstanding - 1) * usual;
}

}  // namespace headrace::core
