#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "call.hpp"
#include "headrace/detail/promise.hpp"

namespace headrace::python {

// The body of one request, whose pieces Python gives when they are wanted, one at a time.
//
// The loop's thread only leaves word that it wants one: it takes no lock of Python's and never
// waits. Whoever gives the pieces waits for that word as for any response, by a Call.
class Upload : public std::enable_shared_from_this<Upload> {
 public:
  explicit Upload(std::optional<std::uint64_t> length) : length_(length) {}
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // The engine's end.
  BodySource source();

  // Complete when a piece is wanted, or `other` is complete, after which none may ever be; perhaps
  // when neither is so, so that the caller looks. One at a time: the one before is completed.
  std::shared_ptr<Call> wanted_or_complete(const std::shared_ptr<Call>& other);

  bool wanted() const;

  // The piece that is wanted, or an empty one at the end.
  void give(std::string piece);

 private:
  class Rouser;

  Future<std::string> next();
  void rouse();

  const std::optional<std::uint64_t> length_;
  mutable std::mutex mutex_;  // for moments only; guards all that follows
  std::optional<detail::Promise<std::string>> wanted_;
  std::optional<detail::Promise<Response>> waiter_;
  std::weak_ptr<Call> watched_;
};

}  // namespace headrace::python
