#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "bindings/c/error.hpp"
#include "bindings/c/ready_queue.hpp"
#include "bindings/c/response.hpp"
#include "bindings/common/body_pieces.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/future.hpp"
#include "headrace/headrace.h"

// A Future<Response> for C, which keeps its outcome until it is freed.
//
// One that is to be announced watches its C++ future itself: when that is complete, it enters its
// engine's queue. While a thread waits for it, that withdraws the watch, and enters it afterwards.
struct hr_future final : private headrace::detail::Watch {
 public:
  using Queue = headrace::detail::Ref<headrace::c::ReadyQueue>;

  // Without a queue it is not to be announced; the second is a streamed one's, for its reads.
  hr_future(void* given, Queue queue, Queue queue_of_reads = {}) noexcept
      : user_data(given), queue_(std::move(queue)), queue_of_reads_(std::move(queue_of_reads)) {}
  ~hr_future() override = default;
  hr_future(const hr_future&) = delete;
  hr_future& operator=(const hr_future&) = delete;

  // Once. When it is to be announced, it may have been taken and freed before this returns.
  void start(headrace::Future<headrace::Response> future,
             std::shared_ptr<headrace::BodyPieces> body = {}) noexcept;

  hr_wait_result wait(std::int64_t timeout_ms) noexcept;
  bool ready() const noexcept { return future_.ready(); }
  void cancel() const noexcept { future_.cancel(); }
  const hr_response* response() noexcept;
  const hr_error* error() noexcept;

  // Null unless the head of a streamed one is there.
  headrace::BodyPieces* body() const { return body_ && body_->is_open() ? body_.get() : nullptr; }
  Queue queue_of_reads() const { return Queue::share(*queue_of_reads_); }

  // Either frees it, or leaves that to whoever is telling it just now.
  void end(bool cancelling) noexcept;

  void* const user_data;

  // The queue's.
  headrace::c::Announcement announcement = headrace::c::Announcement::awaited;
  hr_future* previous = nullptr;
  hr_future* next = nullptr;

 private:
  // What came of it, as C reads it.
  struct Outcome {
    explicit Outcome(headrace::Result<headrace::Response> came);

    headrace::Result<headrace::Response> result;
    std::optional<headrace::c::ResponseView> response;
    std::optional<headrace::c::ErrorView> error;
  };

  void on_ready(headrace::detail::Batch& batch) noexcept override;
  bool wait_alone(std::int64_t timeout_ms) const;
  void announce_when_ready() noexcept;
  void settle() noexcept;

  const Queue queue_;
  const Queue queue_of_reads_;
  std::shared_ptr<headrace::BodyPieces> body_;
  headrace::Future<headrace::Response> future_;
  std::atomic<bool> waited_for_{false};
  std::unique_ptr<Outcome> outcome_;
  bool no_memory_ = false;  // for the outcome
};
