#include "engine/io/race.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace headrace::io {

Race::Race(uv_loop_t* loop, Events& events, std::vector<Address> addresses, Duration head_start)
    : loop_(loop),
      events_(events),
      addresses_(std::move(addresses)),
      rules_(addresses_.size(), head_start) {
  for (Attempt& attempt : attempts_) attempt.race = this;
}

void Race::start_next() {
  timer_.reset();
  const Instant now{std::chrono::nanoseconds{uv_hrtime()}};
  while (const auto number = rules_.next(now))
    if (const int code = start(now, *number); code != 0) note_failure(*number, code);
  if (rules_.lost()) return events_.on_lost(std::move(last_failure_));
  if (const auto deadline = rules_.deadline()) timer_ = Timer::start(loop_, *deadline - now, *this);
}

// The one that makes room stays until the new one has started: an address without a route costs
// nobody his place.
int Race::start(Instant now, std::size_t number) {
  Attempt& place = free_place();
  SocketPointer socket = Socket::make(loop_, addresses_[number]);
  const int code = socket ? socket->connect(addresses_[number], place) : UV_ENOMEM;
  if (code != 0) return code;
  place.number = number;
  place.socket = std::move(socket);
  if (const auto gives_way = rules_.on_started(now, number)) {
    attempt_at(*gives_way).socket.reset();
    events_.on_address_failed(addresses_[*gives_way]);
  }
  return 0;
}

Race::Attempt& Race::free_place() {
  return *std::ranges::find(attempts_, nullptr, [](const Attempt& a) { return a.socket.get(); });
}

Race::Attempt& Race::attempt_at(std::size_t number) {
  return *std::ranges::find_if(
      attempts_, [&](const Attempt& a) { return a.socket != nullptr && a.number == number; });
}

void Race::on_connected(Attempt& attempt, int code) {
  SocketPointer socket = std::move(attempt.socket);
  if (code != 0) {
    note_failure(attempt.number, code);
    return start_next();
  }
  for (Attempt& other : attempts_) other.socket.reset();
  timer_.reset();
  for (const std::size_t outrun : rules_.on_connected(attempt.number))
    events_.on_address_failed(addresses_[outrun]);
  events_.on_address_connected(addresses_[attempt.number]);
  events_.on_won(std::move(socket));
}

void Race::note_failure(std::size_t number, int code) {
  rules_.on_failed(number);
  events_.on_address_failed(addresses_[number]);
  last_failure_ = {
      .code = ErrorCode::connect_failed,
      .phase = Phase::connect,
      .system_code = code,
      .detail = "cannot connect to " + to_string(addresses_[number]) + ": " + system_text(code)};
  if (addresses_.size() > 1)
    last_failure_.detail +=
        ", the last of " + std::to_string(addresses_.size()) + " addresses tried";
}

}  // namespace headrace::io
