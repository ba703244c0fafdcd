#pragma once

#include <atomic>
#include <cstdint>

#include "headrace/export.hpp"

namespace headrace::detail {

/// How many forks lie between this process and the one that loaded headrace, counting those after
/// its first engine. Changes only in a new child, before fork() returns there.
HEADRACE_API extern std::atomic<std::uint32_t> fork_count;

/// Part of whatever a forked child must not go on with: it may have been copied while a thread that
/// is not in the child was changing it, or held its lock.
class ForkMark {
 public:
  bool made_before_fork() const noexcept {
    return forks_ != fork_count.load(std::memory_order_relaxed);
  }

 private:
  std::uint32_t forks_ = fork_count.load(std::memory_order_relaxed);
};

}  // namespace headrace::detail
