#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "call.hpp"
#include "headrace/headrace.hpp"

namespace headrace::python {

// A ResponseStream for Python. Its head, and each piece of its body, come as the outcome of a Call,
// so that threads, event loops and greenlets wait for them as for any response: a piece is a
// Response of which only the body counts.
class Stream {
 public:
  // The call is complete with the head, and from then on there are pieces.
  static std::pair<std::shared_ptr<Call>, std::shared_ptr<Stream>> open(
      Future<ResponseStream> future);

  std::shared_ptr<Call> read();  // an empty piece: the end
  Headers trailers() const;
  void close() { *stream_ = std::nullopt; }

 private:
  // Filled on the loop's thread, before the head's call is complete.
  std::shared_ptr<std::optional<ResponseStream>> stream_ =
      std::make_shared<std::optional<ResponseStream>>();
};

}  // namespace headrace::python
