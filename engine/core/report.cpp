// What others may know of the core: statistics (S46) and what it has learned.

#include <algorithm>
#include <string>
#include <vector>

#include "engine/core/impl.hpp"

namespace headrace::core {

Stats Core::Impl::stats() const {
  Stats stats;
  origins_.for_each([&](const OriginState& origin) {
    const std::size_t queued = origin.waiting() + origin.paused;
    stats.origins.push_back({.origin = origin.name,
                             .queued = queued,
                             .in_flight = origin.live - queued,
                             .connections = origin.connections.size(),
                             .depth = static_cast<unsigned>(origin.profile.depth()),
                             .capability = std::string(name_of(origin.profile.capability())),
                             .reason = origin.profile.reason(),
                             .suspect_connections = origin.suspect_connections,
                             .counters = origin.counters,
                             .queue = origin.queue_times,
                             .connect = origin.connect_times,
                             .tls = origin.tls_times,
                             .first_byte = origin.first_byte_times,
                             .total = origin.total_times});
  });
  return stats;
}

// Sorted, so that two texts can be compared.
std::string Core::Impl::profiles() const {
  std::vector<std::string> lines;
  origins_.for_each([&](const OriginState& origin) {
    lines.push_back(to_line(origin.name, {.learned = origin.profile.learned(),
                                          .per_answer = origin.times.per_answer(),
                                          .silence = origin.times.usual_silence()}));
  });
  for (const auto& [name, line] : rules_.profiles()) {  // those not asked this time
    const bool asked = std::ranges::any_of(
        lines, [&](const std::string& known) { return known.starts_with(name + " "); });
    if (!asked) lines.push_back(to_line(name, line));
  }
  std::ranges::sort(lines);
  std::string text = profiles_header();
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace headrace::core
