#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"

namespace headrace::core {

// What a timer is for; its owner is the index of one of that kind.
enum class TimerKind : std::uint32_t { exchange, connection, origin, grace };

// A moment at which something is due. It lives inside its owner and must not move while it is set.
struct Timer {
  Timer() = default;
  Timer(TimerKind its_kind, std::uint32_t its_owner) noexcept
      : kind(its_kind), owner(its_owner & IndexBits::max) {}

  TimerKind kind : 2 = TimerKind::grace;
  std::uint32_t owner : IndexBits::count = 0;
  std::uint32_t position = unset;
  Instant at = {};

  static constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();
  bool is_set() const noexcept { return position != unset; }
};

// All moments of one core, earliest first: the one heap behind the shell's one timer. Timers know
// their place, so that a request which finishes takes its deadline along and memory follows what is
// outstanding, not what has been.
class TimerHeap {
 public:
  void set(Timer& timer, Instant at);
  void clear(Timer& timer) noexcept;
  std::optional<Instant> earliest() const noexcept;

  // Takes out the earliest timer that is due at `now`, or gives null.
  Timer* pop_due(Instant now) noexcept;

 private:
  void put(std::size_t position, Timer* timer) noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;

  std::vector<Timer*> heap_;
};

}  // namespace headrace::core
