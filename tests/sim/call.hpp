#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "headrace/request.hpp"
#include "headrace/response.hpp"

namespace headrace::sim {

enum class CallLife : std::uint8_t { unsubmitted, refused, live, complete };

// One request of the workload and all that is known of it from outside the core. Its number is the
// tag, stands in its path and comes back in its answer.
struct Call {
  std::size_t number = 0;
  std::size_t origin = 0;
  Request request = {};
  std::optional<Duration> timeout = {};
  bool streamed = false;  // its answer is read as it comes

  // What the rules allow, computed here from the request and not asked of the core.
  bool repeatable = false;
  bool pipelinable = false;
  bool asks_close = false;

  CallLife life = CallLife::unsubmitted;
  ExchangeId id = {};
  Instant submitted = {};
  std::optional<Instant> deadline = {};
  std::size_t wire_bytes = 0;
  std::optional<Response> begun = {};  // what has come of a streamed answer

  unsigned executions = 0;      // by the servers' own count
  unsigned written = 0;         // times it was part of a Write
  unsigned strikes = 0;         // times it headed a connection that was lost
  unsigned closed_on = 0;       // times it headed a connection that the core closed
  std::size_t link = 0;         // the connection it was last written to
  bool outstanding = false;     // ... and has no answer from
  bool lied_to = false;         // an earlier connection's server could not be followed
  bool behind = false;          // ... when something was outstanding there
  bool touched = false;         // a byte of it was accepted by the kernel
  bool head_delivered = false;  // a final head that answers it reached the core
  bool answer_due = false;      // its whole answer has reached the core
  bool may_be_lost = false;     // ... and was held back there when the connection ended
  int due_status = 0;
  Duration due_pause = {};  // its Retry-After
  Instant due_at = {};
  unsigned retries = 0;  // times it was asked again because of an answer's status
  bool cancelled = false;
  bool answered = false;     // complete with a response
  bool said_queued = false;  // its error says that no byte of it was sent
};

}  // namespace headrace::sim
