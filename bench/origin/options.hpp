#pragma once

#include <chrono>
#include <cstddef>

namespace headrace::bench {

// What the origin is told on its command line.
struct OriginSettings {
  bool https = false;
  std::chrono::nanoseconds delay{0};  // from a request's arrival to its answer
  bool serial = false;                // a connection's requests are worked on one after another
  bool stuck = false;                 // requests are read and never answered
  bool tickets = true;                // lets clients resume TLS sessions
  std::size_t together = 0;           // /together/N is answered when so many have asked for it
  std::size_t machines = 0;           // the inventory's
  std::size_t document_bytes = 1024;  // of each of its documents
};

// Throws std::invalid_argument, saying what there is.
OriginSettings parse_origin_settings(int count, char** values);

}  // namespace headrace::bench
