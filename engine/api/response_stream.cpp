#include "headrace/response_stream.hpp"

#include <utility>

#include "engine/api/stream_call.hpp"

namespace headrace {

ResponseStream::ResponseStream(detail::Ref<api::StreamCall> call, Response head)
    : call_(std::move(call)), head_(std::move(head)) {}

ResponseStream::ResponseStream(ResponseStream&&) noexcept = default;

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  const ResponseStream old(std::move(*this));
  call_ = std::move(other.call_);
  head_ = std::move(other.head_);
  return *this;
}

ResponseStream::~ResponseStream() {
  if (call_) call_->give_up();
}

Future<std::string> ResponseStream::read() {
  if (!call_)
    return Future<std::string>(Result<std::string>(std::unexpected(detail::no_future_error())));
  return call_->read();
}

Headers ResponseStream::trailers() const { return call_ ? call_->trailers() : Headers{}; }

}  // namespace headrace
