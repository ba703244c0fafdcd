#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "bench/origin/catalogue.hpp"
#include "bench/origin/options.hpp"
#include "bench/origin/wire.hpp"

namespace headrace::bench {

using Clock = std::chrono::steady_clock;

// One client's connection: bytes in, answers that become due, bytes out.
class Connection {
 public:
  Connection(std::unique_ptr<Wire> wire, const OriginSettings& settings, Catalogue& catalogue)
      : wire_(std::move(wire)), settings_(settings), catalogue_(catalogue) {}

  int descriptor() const noexcept { return wire_->descriptor(); }
  bool done() const noexcept { return done_; }
  bool wants_output() const noexcept { return !outbox_.empty() || wire_->unsent(); }

  // When the answer at the head of those that wait becomes due.
  std::optional<Clock::time_point> next_due() const;

  // How many of its requests wait for others, and that they need not any longer.
  std::size_t held() const noexcept { return held_; }
  void release();

  // Reads what is there into `room`, which belongs to nobody between calls.
  void receive(std::span<char> room, Clock::time_point now);

  // Sends all that is due, with one call where the kernel takes it.
  void send_due(Clock::time_point now);

 private:
  struct Waiting {
    Clock::time_point due;
    const Answer* answer;
    std::size_t count;
  };

  // Gives what is left of `bytes` behind the last whole request.
  std::string_view take_requests(std::string_view bytes, Clock::time_point now);
  const Answer& look_up(std::string_view request);
  void wait(const Answer& answer, std::size_t count, Clock::time_point now);
  void put_out(const Answer& answer, std::size_t count);

  std::unique_ptr<Wire> wire_;
  const OriginSettings& settings_;
  Catalogue& catalogue_;
  std::string rest_ = {};          // the beginning of a request
  std::string last_request_ = {};  // most clients send the same one again
  const Answer* last_answer_ = nullptr;
  std::deque<Waiting> waiting_ = {};
  Outbox outbox_ = {};
  std::size_t held_ = 0;
  bool done_ = false;
};

}  // namespace headrace::bench
