// The writing half of Connection.

#include <algorithm>
#include <cstddef>
#include <utility>

#include "engine/io/connection.hpp"

namespace headrace::io {
namespace {

// How much is encrypted ahead of the kernel: what bounds the ciphertext that a connection holds.
constexpr std::size_t flight_bytes_max = std::size_t{256} * 1024;

}  // namespace

// Ciphertext that is due comes before new plaintext is encrypted: it holds the end of the last
// flight, or what the protocol itself has to say.
Bytes Connection::next_to_send() {
  if (!session_) return unwritten_;
  if (session_->output().empty() && !unwritten_.empty()) {
    flight_ = std::min(unwritten_.size(), flight_bytes_max);
    flight_begun_ = false;
    if (!session_->write(unwritten_.substr(0, flight_))) {
      fail_writing(UV_EPROTO);
      return {};
    }
  }
  return session_->output();
}

void Connection::send() {
  if (socket_->waiting() || write_error_ != 0) return;
  for (Bytes next = next_to_send(); !next.empty(); next = next_to_send()) {
    const int count = socket_->try_write(next);
    if (count < 0) return fail_writing(count);
    const auto taken = static_cast<std::size_t>(count);
    const bool full = taken < next.size();
    const char waiting = full ? next[taken] : '\0';
    if (taken > 0) accepted(taken);
    if (!full) continue;
    return wait_for_room(waiting);
  }
}

void Connection::wait_for_room(char byte) {
  if (const int code = socket_->write_byte(byte); code != 0) return fail_writing(code);
  // Room may have come just now. It must be known at once: before the report comes the connection
  // may be closed, and a request of which a byte was sent would count as unsent.
  byte_counted_ = socket_->byte_taken();
  if (byte_counted_) accepted(1);
}

void Connection::on_byte_written(int code) {
  if (code != 0) return fail_writing(code);
  if (!std::exchange(byte_counted_, false)) accepted(1);
  send();
}

void Connection::accepted(std::size_t count) {
  if (session_) {
    session_->take(count);
    flight_begun_ = true;
    if (!session_->output().empty() || flight_ == 0) return;
    count = std::exchange(flight_, 0);
  }
  unwritten_.remove_prefix(count);
  around_.events->on_written(id_, count);
}

// A flight of records counts when all of it was taken; but of one that breaks off after its first
// byte any part may have reached the peer.
void Connection::report_begun_flight() {
  if (flight_ > 0 && flight_begun_) around_.events->on_written(id_, std::exchange(flight_, 0));
}

void Connection::fail_writing(int code) {
  write_error_ = code;
  heard_something_ = true;  // give the next poll its chance
  around_.events->on_write_failed(id_);
}

}  // namespace headrace::io
