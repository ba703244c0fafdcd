#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/api/destination.hpp"
#include "engine/base/id.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/response.hpp"

namespace headrace::api {

class StreamCall;

// One request of an engine as its future sees it: the future's state, and the only thing allocated
// for it here. Its address is the submission's tag in the core; the loop holds a reference while it
// is outstanding there.
//
// A hundred thousand may wait at once, so it is kept small.
class Call : public detail::State<Response> {
 public:
  // With as many references.
  explicit Call(detail::Ref<Destination> destination, std::uint32_t references = 1) noexcept
      : State(references), destination_(std::move(destination)) {}

  // Not null when the answer is read piece by piece.
  virtual StreamCall* streamed() noexcept { return nullptr; }

  // Leaves a word for the loop; nothing once the engine is gone, for then the call is complete.
  void cancel() noexcept override;

  // The loop's lease.
  detail::Driver* driver() const noexcept override;

  Error forked_error() const override;

  // The same Error as one of the time before the core had accepted the request.
  Error refused(Error error) const;

  std::uint64_t tag() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }
  static Call& from_tag(std::uint64_t tag) noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): to the core a tag is a number
    return *reinterpret_cast<Call*>(static_cast<std::uintptr_t>(tag));
  }

  // Of the loop's thread.
  ExchangeId exchange;
  std::uint32_t place = 0;  // among those that are outstanding

 protected:
  Inbox& inbox() const noexcept { return *destination_->inbox(); }

 private:
  std::atomic<bool> cancel_asked_{false};
  const detail::Ref<Destination> destination_;
};

static_assert(sizeof(Call) <= 56, "more would be 16 bytes more of the heap for each call");

}  // namespace headrace::api
