#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/api/call.hpp"
#include "engine/api/inbox.hpp"
#include "engine/base/instant.hpp"
#include "engine/io/loop.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/stats.hpp"

namespace headrace::api {

// What a thread does that runs the loop: brings the inbox's mail to the core and the core's
// completions to the futures. That is the engine's own thread or, by the inbox's lease, one that
// waits; the loop's end is the former's alone.
//
// Callbacks run outside the loop, so that below them stands nothing but this class. One may fork.
// The child then has a copy of the thread, on which nothing of before can go on: the loop is the
// parent's. When the callback returns, the copy of a waiting thread finds `forked` as the outcome;
// that of the engine's own has nowhere to go, and the child ends with a failure.
//
// It keeps a list of the calls that are with the core, so that each of them completes even if core
// or loop break down (S1).
class Runner final : public io::Host, public Lent {
 public:
  // `number`: the core's.
  Runner(const Options& options, std::shared_ptr<Inbox> inbox, unsigned number = 0);

  // Takes descriptors; the runner must run if this succeeds.
  Result<void> open();

  // The body of the engine's own thread: has the loop run till the end of a shut-down. When it
  // returns every call is complete and the descriptors are closed.
  void run() noexcept;

  // By a thread to which the loop was lent.
  bool run_for(detail::Gate& gate,
               const std::optional<detail::Clock::time_point>& deadline) noexcept override;
  void wake() noexcept override { loop_->wake(); }

  // The calling thread has the loop.
  bool on_own_thread() const noexcept;

  // How many calls it has completed. Any thread.
  std::size_t finished() const noexcept { return finished_.load(std::memory_order_relaxed); }

  // For the loop's thread, at any time: the core's answers, empty once the core is gone.
  Stats stats() const;
  std::string profiles() const;

 private:
  void on_wake(core::Core& core, Instant now) override;
  void on_pull(const core::Pull& pull) override;
  void on_parts(core::Core& core, Instant now, std::span<core::Part> parts) override;
  void on_completions(std::span<core::Completion> completions) override;

  bool run_till_lent(Lease& lease) noexcept;
  bool ended() const noexcept;
  bool ending() const noexcept;
  bool enough() const noexcept;
  void look() noexcept;
  void run_loop() noexcept;
  template <class Work>
  void guarded(Work work) noexcept;
  void announce() noexcept;
  void call_back() noexcept;
  void call_back_before_look() noexcept;
  void ask_sources();
  void submit(core::Core& core, Instant now, Arrival& arrival);
  void supply(core::Core& core, Instant now, Piece& piece);
  void shut_down(core::Core& core, Instant now, Duration grace);
  Call& keep(detail::Ref<Call>& call);
  void forget(const Call& call) noexcept;
  void complete(Call& call, core::AnswerPointer answer) noexcept;
  void complete_rest(Inbox::Mail& unread) noexcept;

  std::shared_ptr<Inbox> inbox_;
  std::atomic<std::size_t> finished_{0};
  Inbox::Mail mail_;  // of the last wake-up; kept for its memory
  std::unique_ptr<io::Loop> loop_;
  std::vector<Call*> outstanding_;  // each in its place, and with a reference
  std::unordered_map<const Call*, std::unique_ptr<BodySource>> sources_;  // of requests' bodies
  std::vector<detail::Ref<Call>> pulls_;  // whose source is to be asked for more
  std::optional<Instant> grace_ends_;
  bool called_back_ = false;           // callbacks ran, or will, since the loop was last looked at
  std::optional<std::string> defect_;  // what loop or core broke down of
  detail::Gate* lent_to_ = nullptr;    // where the thread waits that has the loop
  detail::Batch batch_;                // announced; callbacks may be due
  const detail::ForkMark mark_;
};

}  // namespace headrace::api
