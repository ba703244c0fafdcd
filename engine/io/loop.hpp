#pragma once

#include <memory>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/core/core.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::io {

// What the loop asks of the layer above. Called on the loop's thread only, never re-entered.
class Host {
 public:
  virtual ~Host() = default;
  // After one or more wake(): hand what other threads left (submissions, cancels, shut-down) to the
  // core.
  virtual void on_wake(core::Core& core, Instant now) = 0;
  // A turn's completions, never empty.
  virtual void on_completions(std::vector<core::Completion> completions) = 0;
};

// The shell around the core: one libuv loop with its sockets, TLS sessions, dialler, resolver and
// one timer.
//
// Each turn feeds everything that happened to the core, then performs its actions and delivers its
// completions, so that a connection sees at most one write a turn. Made and destroyed on any one
// thread; run() belongs to one thread; wake() may be called from any thread between open() and the
// return of run().
class Loop {
 public:
  Loop(const Options& options, Host& host);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Takes descriptors and reads the CA certificates: fails with internal (system_code) or
  // tls_failed (CA file).
  Result<void> open();

  // Runs until core.finished(), then closes every handle.
  void run();

  // Makes the loop call Host::on_wake soon. Many calls before it does count as one. Never blocks.
  void wake();

  // For the loop's thread while it runs, also inside the host's calls.
  const core::Core& core() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace::io
