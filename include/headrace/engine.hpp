#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "headrace/as_completed.hpp"
#include "headrace/error.hpp"
#include "headrace/export.hpp"
#include "headrace/future.hpp"
#include "headrace/headers.hpp"
#include "headrace/options.hpp"
#include "headrace/request.hpp"
#include "headrace/response.hpp"
#include "headrace/response_stream.hpp"
#include "headrace/stats.hpp"
#include "headrace/when_all.hpp"

namespace headrace {

/// A pool of persistent, pipelined HTTP/1.1 connections with an event loop on a thread of its own,
/// or on whichever thread waits for an answer (Future); with several of them by `Options::loops`.
///
/// Every member may be called from any thread at any time, but the destructor and a move, which
/// need the engine to be otherwise unused; one that was moved from can only be destroyed or
/// assigned to. I/O starts at submit, nobody has to wait for it to go on. Callbacks and coroutines
/// run on the loop's thread, and may use the engine there, but must not block.
///
/// After a fork() the parent goes on as if nothing had happened. In the child, where the loop's
/// thread is not:
///
/// - Futures of before the fork that were not ready are so now, with `forked`: their requests go on
///   in the parent. Ready ones keep their results. Callbacks and coroutines that wait for the
///   former run in the parent only; the coroutines may be destroyed in the child.
/// - The first submit starts the engine afresh, with the same options and connections of its own,
///   unless it was shut down before. The parent's connections are closed in the child without a
///   byte; shutting down or destroying an engine that the child has not used does nothing else.
/// - A child forked in a callback may use the engine there. When the callback returns, a child of
///   an engine's own thread ends with EXIT_FAILURE and without exit handlers, unless it has ended
///   or called exec before; one of a waiting thread goes on with that wait's outcome, `forked` if
///   it was not complete.
///
/// Another thread may have been inside TLS at the moment of the fork, and OpenSSL makes no promise
/// for that: a child that is to use https is best forked while nothing is under way.
class HEADRACE_API Engine {
 public:
  /// Starts the loop's thread. Throws Exception when an option is wrong (`invalid_argument`, or
  /// `tls_failed` for an unreadable file of the TLS options) or the machine refuses a thread or
  /// descriptor
  /// (`internal`, with the system's code).
  explicit Engine(Options options = {});

  /// The same without exceptions.
  static Result<Engine> create(Options options = {});

  /// Shuts down without grace: every unfinished future completes with `closed` before this returns.
  /// In a callback on the loop's own thread, which can't wait for itself, it is soon afterwards.
  ~Engine();

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Queues one request. It is checked and rendered here, on the caller's thread; a refusal
  /// (`invalid_argument`, `queue_full`, `closed`) is found in the future.
  Future<Response> submit(const Request& request);

  /// Queues one request as `submit` does, but leaves it to `flush` to wake the loop: for an event
  /// loop of another kind, whose tasks submit one by one in each of its turns. With a flush at the
  /// turn's end they cost one wake-up, and leave together. Until the flush, another submit or a
  /// wait for one of them nothing promises that the request goes on, nor that its time limits
  /// count.
  Future<Response> enqueue(const Request& request);

  /// Wakes the loop for what was enqueued, by any thread; costs little when there is nothing.
  void flush();

  /// Queues many with one wake-up of the loop; the i-th future is the i-th request's.
  std::vector<Future<Response>> submit_all(const std::vector<Request>& requests);

  /// Queues one request whose answer's body is read piece by piece: for what is too large to be
  /// held whole, or is wanted as it comes. The future is ready when the head has come; the
  /// request's timeout ends there, and `verify` and `retry_statuses` judge by the head alone. Such
  /// a request travels alone on its connection.
  Future<ResponseStream> stream(const Request& request);

  /// Submits a GET with the default options.
  Future<Response> get(std::string_view url, Headers headers = {});

  /// Refuses new requests with `closed`, lets the outstanding ones finish for `grace`, then fails
  /// them with `closed`. Returns when all are complete and thread and descriptors are gone; in a
  /// callback on the loop's own thread it returns at once. Called again it can only shorten the
  /// grace, and finds nothing to do once the engine is gone.
  void shut_down(std::chrono::milliseconds grace);

  /// How things stand, with everything that this thread submitted or cancelled before. Waits for
  /// the turn that the loop is in, never for the network. Empty once the engine is shut down, in a
  /// forked child that has not used it, and on the loop's thread of another engine, where waiting
  /// could go round in a circle; for the same reason a callback sees, of several loops, its own.
  Stats stats() const;

  /// What has been learned of the origins so far, for `Options::profiles` of a later engine. Waits
  /// and is empty as `stats`.
  std::string profiles() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace
