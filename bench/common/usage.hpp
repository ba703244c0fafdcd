#pragma once

#include <cstddef>
#include <string>

namespace headrace::bench {

// What a process, all its threads together, has used up since it began; of two of these the
// difference is what a phase cost.
struct Usage {
  double seconds = 0;
  double cpu_user_seconds = 0;
  double cpu_system_seconds = 0;

  static Usage now();
  Usage since(const Usage& before) const;
  double cpu_seconds() const { return cpu_user_seconds + cpu_system_seconds; }
};

// Of this process image alone: getrusage would count what the process that started it had before.
std::size_t peak_rss_kib();
std::size_t rss_kib();
// ... once malloc has given back whatever pages it can: hundreds of handshakes at once leave holes
// behind, which are no connection's.
std::size_t held_rss_kib();

// As many descriptors as the system lets this process have.
void raise_descriptor_limit();

}  // namespace headrace::bench
