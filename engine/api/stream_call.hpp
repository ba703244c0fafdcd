#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "engine/api/call.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/error.hpp"
#include "headrace/future.hpp"
#include "headrace/headers.hpp"

namespace headrace::api {

// A call whose answer is read piece by piece. As a Call it is complete with the head; the loop's
// reference lasts till the end of the body.
//
//     loop's thread: add() ... end()       reader's thread: read() ... trailers()
//
// What the loop brings goes to the reading that waits, or else is kept for the next one. The core
// hears of what was taken, since it stops reading a connection of which too much is kept.
class StreamCall final : public Call {
 public:
  explicit StreamCall(detail::Ref<Destination> destination);
  ~StreamCall() override;
  StreamCall* streamed() noexcept override { return this; }

  // Gives how much of it was taken at once: all or nothing.
  std::size_t add(std::string piece, detail::Batch& batch);

  // The body is whole, or broke off.
  void end(Result<Headers> how, detail::Batch& batch) noexcept;

  Future<std::string> read();
  Headers trailers() const;

  // Nobody is going to read on.
  void give_up() noexcept;

 private:
  class Reading;

  void withdraw(Reading& reading) noexcept;
  void tell_of_taking(std::size_t count);

  mutable std::mutex mutex_;  // guards what follows
  std::string kept_;
  std::size_t untold_ = 0;  // bytes taken of which the core has not heard
  std::optional<Result<Headers>> ended_;
  detail::Ref<Reading> reading_;  // waits for the next piece
  const detail::ForkMark fork_;
};

}  // namespace headrace::api
