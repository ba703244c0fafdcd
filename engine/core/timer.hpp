#pragma once

#include <cstdint>

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
  std::uint32_t in_line : 1 = 0;        // in the line, not in the heap
  std::uint32_t position : 31 = unset;  // there
  Instant at = {};

  static constexpr std::uint32_t unset = (std::uint32_t{1} << 31U) - 1;
  bool is_set() const noexcept { return position != unset; }
};

static_assert(sizeof(Timer) == 16);

}  // namespace headrace::core
