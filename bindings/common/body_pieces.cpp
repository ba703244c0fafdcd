#include "bindings/common/body_pieces.hpp"

#include <string>

namespace headrace {

std::pair<Future<Response>, std::shared_ptr<BodyPieces>> BodyPieces::open(
    Future<ResponseStream> future) {
  auto pieces = std::make_shared<BodyPieces>();
  Future<Response> head = future.then([pieces](Result<ResponseStream> opened) -> Result<Response> {
    if (!opened) return std::unexpected(std::move(opened).error());
    Response answer = opened->head();
    const std::lock_guard lock(pieces->mutex_);
    pieces->stream_.emplace(*std::move(opened));
    return answer;
  });
  return {std::move(head), std::move(pieces)};
}

bool BodyPieces::is_open() const {
  const std::lock_guard lock(mutex_);
  return stream_.has_value();
}

Future<Response> BodyPieces::read() {
  Future<std::string> coming;
  {
    const std::lock_guard lock(mutex_);
    if (stream_) coming = stream_->read();
  }
  if (!coming.valid())
    return Future<Response>(Result<Response>(
        std::unexpected(Error{.code = ErrorCode::invalid_argument,
                              .safe_to_repeat = true,
                              .detail = "there is no body to read: the stream is closed"})));
  const auto hand_over = [rest = weak_from_this()](Result<std::string> came) -> Result<Response> {
    if (!came) return std::unexpected(std::move(came).error());
    Response piece;
    piece.status = 0;
    piece.body = *std::move(came);
    const std::shared_ptr<BodyPieces> at_end = piece.body.empty() ? rest.lock() : nullptr;
    if (at_end) piece.trailers = at_end->trailers();
    return piece;
  };
  try {
    return coming.then(hand_over);
  } catch (...) {  // no memory: the piece is lost, and nobody may read on behind it
    close();
    throw;
  }
}

Headers BodyPieces::trailers() const {
  const std::lock_guard lock(mutex_);
  return stream_ ? stream_->trailers() : Headers();
}

void BodyPieces::close() {
  std::optional<ResponseStream> given_up;  // whose end completes a read: without the lock
  const std::lock_guard lock(mutex_);
  given_up.swap(stream_);
}

}  // namespace headrace
