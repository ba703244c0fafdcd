#pragma once

#include <string>

#include "headrace/detail/state.hpp"
#include "headrace/export.hpp"
#include "headrace/future.hpp"
#include "headrace/headers.hpp"
#include "headrace/response.hpp"

namespace headrace {

namespace api {
class StreamCall;
}

/// A response whose head has come and whose body is read piece by piece (Engine::stream). It may be
/// of any size: some 512 KiB of it are held at most, and while nobody reads on, the server is kept
/// waiting. Nothing else of the engine is.
///
/// One thread's at a time. Dropping it before its end gives the rest up: the connection is closed,
/// or, where little is left, read to the end of the answer and kept.
class HEADRACE_API ResponseStream {
 public:
  /// Status, fields and timings as they stood when the head had come; body and trailers are empty.
  const Response& head() const noexcept { return head_; }

  /// The next piece of the body, as it came, chunking removed: all that waits, or else the next
  /// that comes. Empty at the body's end, and from then on. A connection that is lost before is
  /// `connection_lost`, after what had come; the request is not sent again. Silence of the server
  /// is limited by `Options::body_timeout` while somebody reads.
  ///
  /// One at a time: another before the first is ready is the Error `invalid_argument`. Cancelling
  /// or dropping the future gives up this reading, and nothing of the body.
  Future<std::string> read();

  /// The fields behind a chunked body (RFC 9112 §7.1.2); empty before its end was read.
  Headers trailers() const;

  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  ~ResponseStream();

  /// For the library's own use.
  ResponseStream(detail::Ref<api::StreamCall> call, Response head);

 private:
  detail::Ref<api::StreamCall> call_;
  Response head_;
};

}  // namespace headrace
