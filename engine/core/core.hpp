#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.hpp"
#include "engine/base/id.hpp"
#include "engine/base/instant.hpp"
#include "engine/core/completion.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/stats.hpp"

namespace headrace::core {

// The engine without its sockets: exchanges, pipelines, pools, retry and time. Events go in,
// actions come out; it calls nobody but the caller's `verify` and `log`, reads no clock and knows
// no thread. The shell (engine/io) and the simulator drive it in the same way:
//
//     feed inputs ...; while (auto action = core.next_action()) perform(*action);
//     deliver(core.take_completions());
//
// `now` never goes backwards. Inputs that name a connection which the core has closed are ignored.
class Core {
 public:
  // `seed` feeds the only randomness there is: the jitter of backoff. `number`, under 256, tells
  // the cores of one engine apart in what they call their connections (Response::connection_id).
  Core(const Options& options, std::uint64_t seed, unsigned number = 0);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Queues a request. Every accepted one completes exactly once (S1). A refusal (queue_full,
  // closed) is the result here and no completion follows.
  Result<ExchangeId> submit(Instant now, Submission&& submission);

  // Completes it with `cancelled` unless it is complete already (S23-S25).
  void cancel(Instant now, ExchangeId exchange);

  // TCP is connected and the TLS handshake begins: Options::tls_timeout runs from here. Only for
  // https, between Dial and on_dialled.
  void on_connected(Instant now, ConnectionId connection);

  // The answer to Dial. An error carries code, phase, system_code and detail; the rest is filled in
  // here.
  void on_dialled(Instant now, ConnectionId connection, Result<void> outcome);

  // `count` further bytes of the current Write were accepted by the kernel. Over TLS a flight of
  // records counts when all of it was accepted; before on_closed, bytes of which any part may have
  // left count too, so that progress is never understated.
  void on_written(Instant now, ConnectionId connection, std::size_t count);

  // False when whoever reads a streamed answer is behind: nothing more is to be read from the
  // connection until the action Read. What comes nonetheless is taken.
  bool on_received(Instant now, ConnectionId connection, Bytes bytes);

  // on_received without a copy, where `least` bytes or more are to come of a body that is handed
  // over whole: what is there of it is read straight to where it stays, once. How much that was;
  // nothing, and nothing read, when on_received must take what comes next.
  std::optional<std::size_t> receive(Instant now, ConnectionId connection, std::uint64_t least,
                                     Unread& unread);

  // The answer to Pull: a piece of the request's body, an empty one at its end, where a chunked
  // one's trailer lines follow. With an error the request fails, and its connection goes, on which
  // half of it was written.
  void on_body(Instant now, ExchangeId exchange, Result<std::string> piece,
               std::string_view trailers = {});

  // Whoever reads a streamed answer has taken `count` bytes of its parts' bodies.
  void on_consumed(Instant now, ExchangeId exchange, std::size_t count);

  // The stream ended. A value is a clean end: FIN, and over TLS a close_notify before it (S38). The
  // connection is gone; no Close follows.
  void on_closed(Instant now, ConnectionId connection, Result<void> how);

  // Time passed; to be called at next_deadline() or later.
  void on_tick(Instant now);

  // From now on submit answers `closed`. What is outstanding may finish until `grace` has passed,
  // then fails `closed`.
  void shut_down(Instant now, Duration grace);

  // Outputs, drained after each batch of inputs. Requests placed on a connection during the batch
  // leave in one Write.
  std::optional<Action> next_action();
  bool has_parts() const noexcept;
  std::vector<Part> take_parts(std::vector<Part> spare = {});  // before the completions
  std::vector<Completion> take_completions(std::vector<Completion> spare = {});
  std::optional<Instant> next_deadline() const;

  // True once shut_down was called, every exchange is complete and every connection closed.
  bool finished() const;

  Stats stats() const;

  // What has been learned of the origins, as the text that Options::profiles takes.
  std::string profiles() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace::core
