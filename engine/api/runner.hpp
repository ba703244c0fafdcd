#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/call.hpp"
#include "engine/api/inbox.hpp"
#include "engine/base/instant.hpp"
#include "engine/base/list.hpp"
#include "engine/io/loop.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/stats.hpp"

namespace headrace::api {

// The loop's thread: brings the inbox's mail to the core and the core's completions to the futures.
//
// A callback may fork. The child then has a copy of this thread, on which nothing but that callback
// can go on: the loop is the parent's. When it returns, the child ends with a failure.
//
// It keeps a list of the calls that are with the core, so that each of them completes even if core
// or loop break down (S1).
class Runner final : public io::Host {
 public:
  Runner(const Options& options, std::shared_ptr<Inbox> inbox);

  // Takes descriptors; the runner must run if this succeeds.
  Result<void> open();

  // The thread's body: runs the loop till the end of a shut-down. When it returns every call is
  // complete and the descriptors are closed.
  void run() noexcept;

  bool on_own_thread() const noexcept;

  // For the loop's thread, at any time: the core's answers, empty once the core is gone.
  Stats stats() const;
  std::string profiles() const;

 private:
  void on_wake(core::Core& core, Instant now) override;
  void on_completions(std::vector<core::Completion> completions) override;

  std::string run_loop() noexcept;
  void call_back(detail::Batch& batch) const;
  void submit(core::Core& core, Instant now, Arrival arrival, detail::Batch& batch);
  void shut_down(core::Core& core, Instant now, Duration grace);
  void complete(Call& call, Result<Response> result, detail::Batch& batch);
  void complete_rest(const Inbox::Mail& unread, const std::string& defect);

  std::shared_ptr<Inbox> inbox_;
  std::unique_ptr<io::Loop> loop_;
  List<Call, &Call::link> outstanding_;  // with a reference each
  std::optional<Instant> grace_ends_;
  const detail::ForkMark mark_;
};

}  // namespace headrace::api
