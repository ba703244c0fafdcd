#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/base/list.hpp"
#include "engine/base/spare_memory.hpp"
#include "engine/core/timer.hpp"
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

// What a request has no need of while it waits for its first place: it is made with that, or at
// submission for what few requests have.
struct Course {
  static void* operator new(std::size_t bytes) { return take_memory(bytes); }
  static void operator delete(void* course, std::size_t bytes) noexcept {
    give_memory(course, bytes);
  }

  std::function<bool(const Response&)> verify;
  std::uint64_t body_bytes = 0;  // that are still to come, or are held back

  bool answering = false;   // a byte of an answer came in this attempt
  bool suspected = false;   // the profile waits for what becomes of it
  bool begun = false;       // its answer is handed over as it comes, and the head was
  bool pulled = false;      // its body's source was asked, which can't be undone
  unsigned attempts = 0;    // times written
  unsigned charges = 0;     // times lost while heading a pipeline
  unsigned moves = 0;       // times moved for no fault of its own
  unsigned retries = 0;     // times asked again for its answer's status
  ConnectionId connection;  // where it is, or was last
  Instant written_at = {};
  Instant first_byte_at = {};
  Instant deadline = Instant::max();  // while it is paused, and its timer ends the pause
};

// One request and its response. A hundred thousand may wait: what they need is here, the rest in
// their course.
struct Exchange {
  ExchangeId id;
  std::uint64_t tag = 0;
  http::Wire wire;
  std::unique_ptr<Course> course;
  std::uint64_t sequence = 0;  // order of submission, kept when it is queued again
  Instant submitted = {};
  Timer timer;  // the deadline, or the end of the pause
  ListLink<Exchange> link;
  std::uint32_t origin = 0;  // its index: an origin stays while requests of it live
  http::Traits traits;
  ExchangeLife life : 2 = ExchangeLife::queued;
  Progress progress : 2 = Progress::queued;  // the furthest any attempt came
  bool streamed : 1 = false;                 // its answer is handed over as it comes

  // What became of it so far.
  const Course& so_far() const noexcept {
    static const Course nothing;
    return course ? *course : nothing;
  }

  // The two parts of `wire`: the second is all of a body that is held.
  std::string_view at_once() const { return wire.view().substr(0, wire.size() - held_bytes()); }
  std::string_view behind_leave() const { return wire.view().substr(wire.size() - held_bytes()); }

 private:
  std::size_t held_bytes() const {
    return traits.body == http::BodyWay::held ? static_cast<std::size_t>(course->body_bytes) : 0;
  }
};

static_assert(sizeof(Exchange) <= 96);

using ExchangeQueue = List<Exchange, &Exchange::link>;

}  // namespace headrace::core
