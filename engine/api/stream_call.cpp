#include "engine/api/stream_call.hpp"

#include <utility>

#include "engine/api/inbox.hpp"
#include "engine/base/limits.hpp"

namespace headrace::api {

// Whoever takes it out of `reading_` completes it.
class StreamCall::Reading final : public detail::State<std::string> {
 public:
  explicit Reading(StreamCall& call) : call_(detail::Ref<StreamCall>::share(call)) {}
  void cancel() noexcept override { call_->withdraw(*this); }
  detail::Driver* driver() const noexcept override { return call_->driver(); }
  Error forked_error() const override { return call_->forked_error(); }

  void complete(Result<std::string> result, detail::Batch& batch) noexcept {
    store_if_possible(std::move(result));
    batch.add(*this);
  }

 private:
  detail::Ref<StreamCall> call_;
};

namespace {

Future<std::string> ready_future(Result<std::string> result) {
  return Future<std::string>(std::move(result));
}

// What the end of a stream is to whoever reads there.
Result<std::string> last_piece(const Result<Headers>& ended) noexcept {
  if (ended) return std::string();
  try {
    return std::unexpected(ended.error());
  } catch (...) {
    return std::unexpected(detail::no_memory_error());
  }
}

}  // namespace

StreamCall::StreamCall(detail::Ref<Destination> destination) : Call(std::move(destination)) {}
StreamCall::~StreamCall() = default;

std::size_t StreamCall::add(std::string piece, detail::Batch& batch) {
  const std::lock_guard lock(mutex_);
  if (piece.empty()) return 0;
  if (!reading_) {
    if (kept_.empty())
      kept_ = std::move(piece);
    else
      kept_ += piece;
    return 0;
  }
  const std::size_t size = piece.size();
  std::exchange(reading_, {})->complete(std::move(piece), batch);
  return size;
}

void StreamCall::end(Result<Headers> how, detail::Batch& batch) noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = std::move(how);
  if (reading_) std::exchange(reading_, {})->complete(last_piece(*ended_), batch);
}

Future<std::string> StreamCall::read() {
  if (fork_.made_before_fork()) return ready_future(std::unexpected(forked_error()));
  const std::lock_guard lock(mutex_);
  if (reading_)
    return ready_future(std::unexpected(
        Error{.code = ErrorCode::invalid_argument,
              .safe_to_repeat = true,
              .detail = "another read of this stream is not ready yet: wait for it first"}));
  // Nothing is taken before all is there that it takes memory for.
  auto reading = detail::Ref<Reading>::adopt(new Reading(*this));
  detail::Batch batch;
  if (!kept_.empty()) {
    tell_of_taking(kept_.size());
    reading->complete(std::exchange(kept_, {}), batch);
  } else if (ended_) {
    reading->complete(last_piece(*ended_), batch);
  } else {
    reading_ = detail::Ref<Reading>::share(*reading);
  }
  return Future<std::string>(detail::Ref<detail::State<std::string>>::adopt(reading.leak()));
}

// Word by word would wake the loop for each small piece; the core waits for half of what it allows.
void StreamCall::tell_of_taking(std::size_t count) {
  const std::size_t untold = untold_ + count;
  const bool tells = !ended_ && untold >= limits::stream_bytes_max / 2;
  if (tells) inbox().consumed(*this, untold);
  untold_ = tells ? 0 : untold;
}

void StreamCall::withdraw(Reading& reading) noexcept {
  detail::Ref<Reading> withdrawn;
  {
    const std::lock_guard lock(mutex_);
    if (reading_.get() != &reading) return;
    withdrawn = std::move(reading_);
  }
  detail::Batch batch;
  withdrawn->complete(std::unexpected(Error{.code = ErrorCode::cancelled,
                                            .detail = "the caller gave up reading this piece"}),
                      batch);
}

Headers StreamCall::trailers() const {
  if (fork_.made_before_fork()) return {};
  const std::lock_guard lock(mutex_);
  return ended_ && *ended_ && kept_.empty() ? **ended_ : Headers{};
}

void StreamCall::give_up() noexcept {
  if (fork_.made_before_fork()) return;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
  }
  cancel();
}

}  // namespace headrace::api
