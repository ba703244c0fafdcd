#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "bindings/cli/sample/server.hpp"

namespace headrace::sample {

using Clock = std::chrono::steady_clock;

// One accepted socket: bytes in, answers that become due, bytes out. Everything it holds is
// bounded; when full it stops reading, which in the end stops the client.
class Connection {
 public:
  static constexpr std::size_t answers_max = 1024;
  static constexpr std::size_t output_bytes_max = 1024 * 1024;

  explicit Connection(int descriptor) : descriptor_(descriptor) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  bool wants_input() const noexcept;
  bool wants_output() const noexcept { return !output_.empty(); }
  bool done() const noexcept { return broken_ || (ended_ && waiting_.empty() && output_.empty()); }

  /// When the answer at the head becomes due.
  std::optional<Clock::time_point> next_due() const;

  /// Reads what is there and gives each request to `handler`; counts them.
  std::size_t receive(Clock::time_point now, std::chrono::nanoseconds delay,
                      const Handler& handler);

  /// Sends all answers that are due, with one call.
  void send_due(Clock::time_point now);

 private:
  struct Waiting {
    Clock::time_point due;
    std::string bytes;
  };

  bool read_socket();
  void flush();

  int descriptor_;
  std::string input_ = {};
  std::string output_ = {};
  std::deque<Waiting> waiting_ = {};
  bool ended_ = false;   // nothing more is read
  bool broken_ = false;  // nothing more is possible
};

}  // namespace headrace::sample
