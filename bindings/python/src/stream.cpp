#include "stream.hpp"

#include <string>
#include <utility>

namespace headrace::python {

std::pair<std::shared_ptr<Call>, std::shared_ptr<Stream>> Stream::open(
    Future<ResponseStream> future) {
  auto stream = std::make_shared<Stream>();
  Future<Response> head =
      future.then([place = stream->stream_](Result<ResponseStream> opened) -> Result<Response> {
        if (!opened) return std::unexpected(std::move(opened).error());
        place->emplace(*std::move(opened));
        return (*place)->head();
      });
  return {std::make_shared<Call>(std::move(head)), std::move(stream)};
}

std::shared_ptr<Call> Stream::read() {
  if (!*stream_)
    return std::make_shared<Call>(Future<Response>(std::unexpected(Error{
        .code = ErrorCode::invalid_argument, .detail = "the stream was closed before this read"})));
  return std::make_shared<Call>(
      (*stream_)->read().then([](Result<std::string> piece) -> Result<Response> {
        if (!piece) return std::unexpected(std::move(piece).error());
        Response response;
        response.body = *std::move(piece);
        return response;
      }));
}

Headers Stream::trailers() const { return *stream_ ? (*stream_)->trailers() : Headers(); }

}  // namespace headrace::python
