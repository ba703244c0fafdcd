#include "engine/io/race.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace headrace::io {

Race::Race(uv_loop_t* loop, Events& events, std::vector<Address> addresses, Duration head_start)
    : loop_(loop), events_(events), addresses_(std::move(addresses)), head_start_(head_start) {
  for (Attempt& attempt : attempts_) attempt.race = this;
}

void Race::start_next() {
  timer_.reset();
  while (next_ < addresses_.size()) {
    const std::size_t number = next_++;
    const int code = start(number);
    if (code != 0) {
      note_failure(number, code);
      continue;
    }
    if (next_ < addresses_.size()) timer_ = Timer::start(loop_, head_start_, *this);
    return;
  }
  if (!running()) events_.on_lost(std::move(last_failure_));
}

// The runner that makes room stays until the new one has started: an address without a route costs
// nobody his place.
int Race::start(std::size_t number) {
  Attempt& place = place_for_next();
  SocketPointer socket = Socket::make(loop_, addresses_[number]);
  const int code = socket ? socket->connect(addresses_[number], place) : UV_ENOMEM;
  if (code != 0) return code;
  if (place.socket) events_.on_address_failed(addresses_[place.number]);  // it made room
  place.number = number;
  place.socket = std::move(socket);
  return 0;
}

// A free one, else the one whose runner started first.
Race::Attempt& Race::place_for_next() {
  return *std::ranges::min_element(attempts_, {}, [](const Attempt& attempt) {
    return attempt.socket ? attempt.number + 1 : 0;
  });
}

bool Race::running() const noexcept {
  return std::ranges::any_of(attempts_, [](const Attempt& a) { return a.socket != nullptr; });
}

void Race::on_connected(Attempt& attempt, int code) {
  SocketPointer socket = std::move(attempt.socket);
  if (code != 0) {
    note_failure(attempt.number, code);
    return start_next();
  }
  for (Attempt& other : attempts_) {
    if (other.socket && other.number < attempt.number)
      events_.on_address_failed(addresses_[other.number]);
    other.socket.reset();
  }
  timer_.reset();
  events_.on_address_connected(addresses_[attempt.number]);
  events_.on_won(std::move(socket));
}

void Race::note_failure(std::size_t number, int code) {
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
