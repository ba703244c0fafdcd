#pragma once

#include <cstddef>

namespace headrace::core {

// What decides whether one more request may be written to a connection.
struct PipelineFacts {
  bool writable =
      false;  // connected, and nothing said or asked for makes an answer its last (S11, 9112 §9.6)
  std::size_t outstanding =
      0;  // requests placed or written there and not answered, abandoned ones included
  std::size_t depth = 1;        // how many may be (depth_allowed)
  bool holds_solo = false;      // one of them may have nothing behind it (S7, S8)
  bool head_abandoned = false;  // the answer that comes next is unwanted and may be stuck
};

// S6-S8: anything may go to a connection that owes nothing; behind others only what may share a
// pipeline, and never behind a request that may not.
constexpr bool admits(const PipelineFacts& connection, bool pipelinable) noexcept {
  if (!connection.writable) return false;
  if (connection.outstanding == 0) return true;
  return pipelinable && !connection.holds_solo && !connection.head_abandoned &&
         connection.outstanding < connection.depth;
}

// S9: a connection that has delivered is used to the full.
constexpr std::size_t depth_allowed(bool connection_proven, std::size_t depth) noexcept {
  return connection_proven ? depth : 1;
}

}  // namespace headrace::core
