#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"

namespace headrace::test {

/// A response of four fields; the body is `body_bytes` long.
std::string answer_of(std::size_t body_bytes);

/// A core in steady state, without sockets: `connections` x `depth` requests are outstanding, and
/// each round answers one connection's, all at once, and submits as many anew.
class CorePlay {
 public:
  CorePlay(unsigned connections, unsigned depth, std::size_t body_bytes);

  /// One connection's turn: submit -> next_action -> on_written -> on_received -> completions.
  /// Requests are taken from `requests` and moved away.
  std::vector<core::Completion> round(std::vector<http::Prepared> requests);

  /// As many requests as a round takes.
  std::vector<http::Prepared> prepare_round() const;

  unsigned depth() const noexcept { return depth_; }

 private:
  struct Wire {
    ConnectionId connection;
    unsigned outstanding = 0;  // requests written and not answered
  };

  static Options options(unsigned connections, unsigned depth);
  void submit(std::vector<http::Prepared> requests);
  void perform_actions();
  void answer(Wire& wire);

  unsigned depth_;
  std::string answer_;
  std::string answers_;
  http::Base base_;
  std::size_t wire_bytes_;  // of one request
  core::Core core_;
  std::vector<Wire> wires_;
  std::size_t turn_ = 0;
  Instant now_{};
};

}  // namespace headrace::test
