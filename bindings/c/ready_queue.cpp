#include "bindings/c/ready_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "bindings/c/future.hpp"

namespace headrace::c {

ReadyQueue::~ReadyQueue() {
  if (descriptor_ >= 0) close(descriptor_);
}

void ReadyQueue::push(hr_future& future) noexcept {
  bool abandoned = false;
  bool rings = false;
  {
    const std::lock_guard lock(mutex_);
    abandoned = future.announcement == Announcement::abandoned;
    if (!abandoned) rings = link(future);
  }
  if (abandoned) delete &future;
  if (rings && !detail::Batch::call_after(*this)) after_batch();
}

// What is taken before that leaves nothing to tell. It held itself until now.
void ReadyQueue::after_batch() noexcept {
  {
    const std::lock_guard lock(mutex_);
    rings_after_batch_ = false;
    if (first_ != nullptr && descriptor_ >= 0) eventfd_write(descriptor_, 1);
  }
  release();
}

std::size_t ReadyQueue::take(hr_future** futures, std::size_t max) noexcept {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (; count < max && first_ != nullptr; ++count) {
    hr_future& future = *first_;
    unlink(future);
    future.announcement = Announcement::taken;
    futures[count] = &future;
  }
  return count;
}

bool ReadyQueue::leave(hr_future& future) noexcept {
  const std::lock_guard lock(mutex_);
  if (future.announcement == Announcement::queued) unlink(future);
  if (future.announcement != Announcement::awaited) return true;
  future.announcement = Announcement::abandoned;
  return false;
}

int ReadyQueue::descriptor() noexcept {
  const std::lock_guard lock(mutex_);
  if (descriptor_ < 0) descriptor_ = eventfd(first_ == nullptr ? 0 : 1, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor_;
}

// Writing and reading the descriptor can fail for no reason but a full or an empty counter, and
// then it stands as it should.

// True when the descriptor is to be written to.
bool ReadyQueue::link(hr_future& future) noexcept {
  future.announcement = Announcement::queued;
  future.previous = last_;
  future.next = nullptr;
  const bool was_empty = first_ == nullptr;
  (was_empty ? first_ : last_->next) = &future;
  last_ = &future;
  if (!was_empty || descriptor_ < 0 || rings_after_batch_) return false;
  rings_after_batch_ = true;
  retain();
  return true;
}

void ReadyQueue::unlink(hr_future& future) noexcept {
  (future.previous != nullptr ? future.previous->next : first_) = future.next;
  (future.next != nullptr ? future.next->previous : last_) = future.previous;
  eventfd_t count = 0;
  if (first_ == nullptr && descriptor_ >= 0) eventfd_read(descriptor_, &count);
}

}  // namespace headrace::c
