#pragma once

#include <memory>
#include <optional>
#include <span>

#include "engine/base/instant.hpp"
#include "engine/core/core.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::io {

// What the loop asks of the layer above. Called within Loop::run and Loop::look only, never
// re-entered.
class Host {
 public:
  virtual ~Host() = default;
  // After one or more wake(), and in look(): hand what other threads left (submissions, cancels,
  // shut-down) to the core.
  virtual void on_wake(core::Core& core, Instant now) = 0;
  // A turn's parts of streamed answers, never empty; before its completions. What is consumed of
  // them at once may be reported to the core.
  virtual void on_parts(core::Core&, Instant, std::span<core::Part>) {}
  // The next piece of a request's body is wanted; it goes to the core when it is there.
  virtual void on_pull(const core::Pull&) {}
  // A turn's completions, never empty.
  virtual void on_completions(std::span<core::Completion> completions) = 0;
};

// The shell around the core: one libuv loop with its sockets, TLS sessions, dialler, resolver and
// one timer.
//
// Each turn feeds everything that happened to the core, then performs its actions and delivers its
// completions, so that a connection sees at most one write a turn. Made and destroyed on any
// thread. What runs it may be one thread now and another later, never two at once; each sees what
// the one before did, by whatever it was told of it with. wake() may be called from any thread
// between open() and the end.
class Loop {
 public:
  // `number`: the core's.
  Loop(const Options& options, Host& host, unsigned number = 0);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Takes descriptors and reads the files of the TLS options: fails with internal (system_code),
  // tls_failed (a file) or invalid_argument (ciphers).
  Result<void> open();

  // Runs till stop(), or till the end: once core.finished() it closes every handle.
  void run();

  // Makes run() return at the end of the iteration that it is in, or is going to begin. By the
  // thread that runs the loop.
  void stop();

  // The handles are closed: nothing is left to run.
  bool over() const;

  // One turn without a poll: on_wake at once, whether or not somebody called wake(), and what
  // follows from it. Servers are heard first, if that was not just done; `may_stop`: when the host
  // calls stop() for what they said, nothing else is done and false is given. Outside run(), by the
  // thread that is about to run the loop.
  bool look(bool may_stop = false);

  // stop() after this time, rounded up to milliseconds; none: not any more. Outside run().
  void stop_after(std::optional<Duration> limit);

  // Makes the loop call Host::on_wake soon. Many calls before it does count as one. Never blocks.
  void wake();

  // For the thread that runs the loop, also inside the host's calls.
  const core::Core& core() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace::io
