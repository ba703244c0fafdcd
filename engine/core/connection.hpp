#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/core/admission.hpp"
#include "engine/core/timer_heap.hpp"
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

// A place in a pipeline. The exchange may go before its answer has come; the place stays until
// then.
struct PipelineEntry {
  ExchangeId exchange;  // none: abandoned, the answer is read and dropped (S24)
  http::ResponseReader::Expected expected;
  bool solo = false;  // nothing may be written behind it until it is answered
  bool last = false;  // asked the server to close: nothing may ever be written behind it
  std::uint64_t begins =
      0;  // where its bytes lie in the connection's outgoing stream, once written
  std::uint64_t ends = 0;
};

struct Connection {
  Connection(OriginId its_origin, const http::ResponseReader::Limits& limits)
      : origin(its_origin), reader(limits) {}

  ConnectionId id;
  OriginId origin;
  ConnectionLife life = ConnectionLife::dialling;
  bool proven = false;         // may be pipelined on (S9)
  bool delivered = false;      // has completed a response
  bool early_answer = false;   // the answer began before its request was accepted whole (S4)
  bool answer_begun = false;   // a byte of the final answer, as far as can be told, has come
  bool head_received = false;  // ... and its head is complete
  std::uint64_t opened_after_trouble = 0;  // OriginState::trouble_count at on_dialled
  Instant dialled = {};
  Instant opened = {};
  Instant idle_since = {};
  Timer timer;

  std::deque<PipelineEntry> pipeline;
  std::size_t written = 0;     // entries at the front whose bytes were handed to the shell
  std::string writing;         // the Write under way; stable until it is accepted
  std::uint64_t handed = 0;    // bytes of the outgoing stream handed to the shell
  std::uint64_t accepted = 0;  // ... and accepted by the kernel

  http::ResponseReader reader;
  Response answer;                    // under construction
  bool answer_proves = false;         // its head is HTTP/1.1, self-framed and persistent
  std::uint64_t announced_bytes = 0;  // its Content-Length, 0 when it has none
  std::uint64_t drained = 0;          // bytes of it read since nobody wants it

  bool is_idle() const noexcept { return life == ConnectionLife::open && pipeline.empty(); }
  PipelineEntry* head() noexcept { return written > 0 ? &pipeline.front() : nullptr; }
};

inline PipelineFacts facts_of(const Connection& connection, std::size_t depth) {
  const auto& pipeline = connection.pipeline;
  const bool closing = !pipeline.empty() && pipeline.back().last;
  return {.writable = connection.life == ConnectionLife::open && !closing,
          .outstanding = pipeline.size(),
          .depth = depth_allowed(connection.proven, depth),
          .holds_solo = !pipeline.empty() && pipeline.back().solo,
          .head_abandoned = !pipeline.empty() && !pipeline.front().exchange};
}

}  // namespace headrace::core
