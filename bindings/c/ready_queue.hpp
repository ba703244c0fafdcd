#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "headrace/detail/fork.hpp"
#include "headrace/detail/watch.hpp"
#include "headrace/headrace.h"

namespace headrace::c {

// Where a future stands that is to be announced; guarded by its queue's lock.
enum class Announcement : std::uint8_t {
  awaited,    // it has not been told that it is complete
  queued,     // it is, and stands in the queue
  taken,      // and was given to the program
  abandoned,  // the program freed it while it was being told: whoever tells it frees it
};

// The futures that are complete and were not taken yet, in the order of completion, linked through
// themselves. Its descriptor, made when somebody asks for it, is readable while there are any: from
// the end of the batch in which the first of them completed.
class ReadyQueue final : detail::AfterBatch {
 public:
  ReadyQueue() = default;
  ReadyQueue(const ReadyQueue&) = delete;
  ReadyQueue& operator=(const ReadyQueue&) = delete;

  // By whoever finds out that the future is complete, once. From then on it may be gone.
  void push(hr_future& future) noexcept;

  std::size_t take(hr_future** futures, std::size_t max) noexcept;

  // For a future that was told, or is being told: true when it can be freed now.
  bool leave(hr_future& future) noexcept;

  // -1 when the machine refuses one, with errno.
  int descriptor() noexcept;

  // In a forked child the lock may be held for ever, and the descriptor is the parent's too.
  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  ~ReadyQueue() override;
  void after_batch() noexcept override;
  bool link(hr_future& future) noexcept;
  void unlink(hr_future& future) noexcept;

  std::mutex mutex_;  // for moments only; guards all that follows but the last two
  hr_future* first_ = nullptr;
  hr_future* last_ = nullptr;
  int descriptor_ = -1;
  bool rings_after_batch_ = false;
  std::atomic<std::uint32_t> references_{1};
  const detail::ForkMark mark_;
};

}  // namespace headrace::c
