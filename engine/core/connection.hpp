#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/base/ring.hpp"
#include "engine/core/admission.hpp"
#include "engine/core/completion.hpp"
#include "engine/core/timer.hpp"
#include "engine/http/response_reader.hpp"
#include "headrace/response.hpp"

namespace headrace::core {

//   dialling --on_dialled--> open --an answer that is the last--> last_answer --its end--> (erased)
//
// From every life a connection may be erased at once: it is lost, refused, idle too long, no longer
// to be trusted.
enum class ConnectionLife : std::uint8_t {
  dialling,  // asked for and counted, carries nothing
  open,  // carries its pipeline; its timer is the idle limit, or the limit for an abandoned head
  last_answer,  // the answer arriving is the last one here; nothing else is in the pipeline
};

struct OriginState;

// A place in a pipeline. The exchange may go before its answer has come; the place stays until
// then.
struct PipelineEntry {
  ExchangeId exchange;  // none: abandoned, the answer is read and dropped (S24)
  http::Traits traits;
  bool streamed = false;  // its answer is handed over as it comes; solo then
  bool behind = false;    // it was written while another was outstanding, or not yet believed
  std::uint64_t begins =
      0;  // where its bytes lie in the connection's outgoing stream, once written
  std::uint64_t ends = 0;
  AnswerPointer held = {};  // its answer, believed when the whole batch has one

  // Nothing may be written behind it until it is answered.
  bool solo() const noexcept { return !traits.pipelinable; }
  // It asked the server to close: nothing may ever be written behind it.
  bool last() const noexcept { return traits.last; }
  // Its body is written as it comes, and its end is not known; solo then.
  bool open_ended() const noexcept { return traits.body != http::BodyWay::in_wire; }
  http::ResponseReader::Expected expected() const noexcept {
    return {.head = traits.head, .upgrade = traits.upgrade, .streamed = streamed};
  }
};

struct Connection {
  Connection(OriginState& its_origin, const http::ResponseReader::Limits& limits)
      : origin(&its_origin), reader(limits) {}

  ConnectionId id;
  OriginState* origin;
  ConnectionLife life = ConnectionLife::dialling;
  bool known = false;          // its Dial was handed out; without, the shell needs no Close
  bool proven = false;         // may be pipelined on (S9)
  bool probation = false;      // carries its first batch (Profile::on_probation)
  bool batch_closed = false;   // ... which is being answered: nothing joins it any more
  bool batch_proves = false;   // ... and of which two requests left in one write
  bool shunned = false;        // too slow: takes nothing until it is empty
  bool early_answer = false;   // the answer began before its request was accepted whole (S4)
  bool answer_begun = false;   // a byte of the final answer, as far as can be told, has come
  bool head_received = false;  // ... and its head is complete
  bool to_flush = false;       // something may be written when the batch of inputs is through
  bool full = false;           // not read until whoever reads the streamed answer has caught up
  std::uint64_t opened_after_trouble = 0;  // OriginState::trouble_count at on_dialled
  unsigned placed = 0;                     // requests that were given a place here
  unsigned answers = 0;                    // final responses it has delivered
  unsigned requests_max = 0;               // what it may be given in all; 0: no limit

  Instant dialled = {};
  std::optional<Instant> connected;  // the TLS handshake has begun
  Instant opened = {};
  Instant expires = Instant::max();  // takes nothing new from then on
  Instant idle_since = {};
  Duration idle_limit = {};
  Instant accepted_at = {};                // the kernel took something, or was first offered it
  Instant head_since = {};                 // the present head is the head
  Instant awaited_since = Instant::max();  // ... and all of it was accepted: the server's turn
  Instant drain_since = {};                // ... and nobody wants its answer
  Instant heard_at = {};                   // the last byte came
  Duration silence = {};                   // how long it had been silent before the read under way
  Instant slow_look = {};                  // not called slow again before this
  Instant hang_look = {};                  // ... nor hung
  Timer timer;                             // the earliest of its limits, or earlier (overdue.cpp)

  Ring<PipelineEntry> pipeline;
  std::size_t written = 0;     // entries at the front whose bytes were handed to the shell
  std::size_t held = 0;        // ... and, of these at the front, whose answers are held back
  bool pulling = false;        // the head's body was asked for, and has not come
  bool awaits_leave = false;   // ... waits for a 100 before that
  std::string writing;         // the Write under way; stable until it is accepted
  std::uint64_t handed = 0;    // bytes of the outgoing stream handed to the shell
  std::uint64_t accepted = 0;  // ... and accepted by the kernel

  http::ResponseReader reader;
  AnswerPointer answer;               // under construction, from its head on
  bool answer_proves = false;         // its head is HTTP/1.1, self-framed and persistent
  std::uint64_t announced_bytes = 0;  // its Content-Length, 0 when it has none
  Duration answer_silence = {};       // how long it had been silent when it began
  std::uint64_t drained = 0;          // bytes of it read since nobody wants it
  std::size_t unread = 0;             // ... handed over as they came and not yet consumed

  bool is_idle() const noexcept { return life == ConnectionLife::open && pipeline.empty(); }
  PipelineEntry* head() noexcept { return written > held ? &pipeline[held] : nullptr; }
  const PipelineEntry* head() const noexcept { return written > held ? &pipeline[held] : nullptr; }
  // Bytes of a request that has its place here wait for the kernel.
  bool is_writing() const noexcept {
    return written > 0 && accepted < std::min(handed, pipeline[written - 1].ends);
  }
  // The head was written behind others, and nothing of its answer has come.
  bool may_be_dropped() const noexcept {
    return head() != nullptr && head()->behind && !answer_begun;
  }
  bool is_awaiting() const noexcept { return awaited_since != Instant::max(); }
  Duration silence_at(Instant now) const noexcept {
    return is_awaiting() ? now - std::max(awaited_since, heard_at) : Duration::zero();
  }
};

// `depth` is what a proven connection of the origin may hold.
inline PipelineFacts facts_of(const Connection& connection, std::size_t depth) {
  const auto& pipeline = connection.pipeline;
  const bool closing = !pipeline.empty() && pipeline.back().last();
  const bool all_held = connection.held == pipeline.size();
  return {.writable = connection.life == ConnectionLife::open && !closing && !connection.shunned &&
                      !connection.batch_closed,
          .outstanding = pipeline.size(),
          .depth = depth_allowed(connection.proven, depth),
          .holds_solo = !pipeline.empty() && pipeline.back().solo(),
          .head_abandoned = !all_held && !pipeline[connection.held].exchange};
}

}  // namespace headrace::core
