#include "engine/core/admission.hpp"

namespace headrace::core {

bool admits(const PipelineFacts& connection, bool pipelinable) noexcept {
  if (!connection.writable) return false;
  if (connection.outstanding == 0) return true;
  return pipelinable && !connection.holds_solo && !connection.head_abandoned &&
         connection.outstanding < connection.depth;
}

std::size_t depth_allowed(bool connection_proven, std::size_t depth) noexcept {
  return connection_proven ? depth : 1;
}

}  // namespace headrace::core
