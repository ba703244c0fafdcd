#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/base/list.hpp"
#include "engine/core/timer_heap.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/error.hpp"
#include "headrace/response.hpp"

namespace headrace::core {

//                    +----------------- paused <---- an answer that asks to come back later
//                    v                                              |
//             submit                 a connection has room              bytes handed to the shell
//   (caller) --------> queued ----------------------------> placed ---------------------------->
//   written --> complete
//                        ^                                     | |
//                        +---------- the connection is lost, or will not answer any more
//                        -----------+
//
// From every life an exchange may complete at once: its deadline passes, the caller cancels, the
// engine shuts down.
enum class ExchangeLife : std::uint8_t {
  queued,   // waits in its origin's queue
  paused,   // waits for a moment: its status says that it may be asked again then (S18)
  placed,   // has the last place or so in a connection's pipeline; none of its bytes were handed
            // over
  written,  // its bytes were handed over; the answer is awaited or arriving
};

// One request and its response.
struct Exchange {
  ExchangeId id;
  std::uint64_t tag = 0;
  OriginId origin;
  http::Prepared prepared;
  std::uint64_t sequence = 0;  // order of submission, kept when it is queued again
  ExchangeLife life = ExchangeLife::queued;
  Progress progress = Progress::queued;  // the furthest any attempt came
  bool answering = false;                // a byte of an answer came in this attempt
  bool suspected = false;                // the profile waits for what becomes of it
  bool streamed = false;                 // its answer is handed over as it comes
  bool begun = false;                    // ... and its head was
  bool pulled = false;                   // its body's source was asked, which can't be undone
  unsigned attempts = 0;                 // times written
  unsigned charges = 0;                  // times lost while heading a pipeline
  unsigned moves = 0;                    // times moved for no fault of its own
  unsigned retries = 0;                  // times asked again for its answer's status
  ConnectionId connection;               // where it is, or was last
  Instant submitted = {};
  Instant written_at = {};
  Instant first_byte_at = {};
  Instant deadline = Instant::max();
  Timer timer;  // the deadline, or the end of the pause
  std::unique_ptr<std::function<bool(const Response&)>> verify;
  ListLink<Exchange> link;
};

using ExchangeQueue = List<Exchange, &Exchange::link>;

}  // namespace headrace::core
