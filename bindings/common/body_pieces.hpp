#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "headrace/headrace.hpp"

namespace headrace {

/// A ResponseStream for bindings whose futures carry responses: its head is one, and so is each
/// piece of its body. Any thread.
class BodyPieces : public std::enable_shared_from_this<BodyPieces> {
 public:
  /// The future is ready with the head; from then on there are pieces.
  static std::pair<Future<Response>, std::shared_ptr<BodyPieces>> open(
      Future<ResponseStream> future);

  bool is_open() const;

  /// The next piece: a response with status 0, of which only the body counts, and with the last,
  /// empty one the trailers. Does not keep this: who lets go of it wants no more. Of one that is
  /// not open it is `invalid_argument`.
  Future<Response> read();

  Headers trailers() const;

  /// Gives up the rest, and a read that is under way.
  void close();

 private:
  mutable std::mutex mutex_;  // for moments only
  std::optional<ResponseStream> stream_;
};

}  // namespace headrace
