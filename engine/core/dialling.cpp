#include "engine/core/dialling.hpp"

#include <algorithm>

#include "engine/base/limits.hpp"

namespace headrace::core {

bool should_dial(const DialFacts& facts) noexcept {
  if (facts.waiting <= facts.dialling || facts.connections >= facts.connections_max) return false;
  if (facts.backing_off) return false;
  if (facts.failing) return facts.dialling == 0;
  return facts.connected || facts.dialling < limits::first_dials_max;
}

Duration doubled(Duration first, unsigned times, Duration last) noexcept {
  for (; times > 0 && first < last / 2; --times) first *= 2;
  return std::min(times > 0 ? last : first, last);
}

Duration redial_pause(unsigned failures, std::uint64_t random) noexcept {
  const Duration pause =
      doubled(limits::redial_first, failures - std::min(failures, 1U), limits::redial_last);
  return pause / 2 + spread(pause / 2, random);
}

Duration spread(Duration most, std::uint64_t random) noexcept {
  return Duration(
      static_cast<Duration::rep>(random % (static_cast<std::uint64_t>(most.count()) + 1)));
}

Duration jittered(Duration limit, std::uint64_t random) noexcept {
  return limit - limit / 10 + spread(limit / 5, random);
}

}  // namespace headrace::core
