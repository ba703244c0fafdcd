#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "bindings/cli/sample/misbehaviour.hpp"
#include "bindings/cli/sample/talk.hpp"

namespace headrace::sample {

/// A server on a loopback port of its own that misbehaves in one way, with a thread for each
/// connection, at most 256; more are turned away. Where it answers right, the body is the request's
/// target.
class MisbehavingServer {
 public:
  /// Throws std::system_error when there is no port or thread to be had.
  explicit MisbehavingServer(const Misbehaviour& kind, const Habits& habits = {});
  ~MisbehavingServer();
  MisbehavingServer(const MisbehavingServer&) = delete;
  MisbehavingServer& operator=(const MisbehavingServer&) = delete;

  std::uint16_t port() const noexcept;
  std::string origin() const;  ///< "http://127.0.0.1:40123"
  Tally tally() const;
  /// Waits until no connection is open; false when some still are after `limit`.
  bool wait_until_alone(std::chrono::milliseconds limit) const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace headrace::sample
