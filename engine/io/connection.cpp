#include "engine/io/connection.hpp"

#include <algorithm>
#include <cassert>
#include <exception>
#include <utility>

namespace headrace::io {
namespace {

// Ciphertext that a peer may make us owe it (answers to KeyUpdate, alerts) without taking any.
constexpr std::size_t owed_bytes_max = std::size_t{1} << 20U;

}  // namespace

Connection::Connection(const Surroundings& surroundings, ConnectionId id,
                       std::shared_ptr<const http::Origin> origin, TlsChoice tls)
    : around_(surroundings), id_(id), origin_(std::move(origin)), tls_(std::move(tls)) {}

void Connection::dial(Instant now) {
  Dialler::Events& events = *this;
  dialler_.emplace(around_, events, origin_);
  dialler_->start(now);
}

void Connection::on_dial_failed(Error error) { end(std::unexpected(std::move(error))); }

// `received` goes the way of all that comes later; it is of a server that spoke unasked.
void Connection::on_stream(StreamPointer stream, Bytes received) {
  dialler_.reset();
  socket_ = std::move(stream);
  if (const int code = socket_->start_reading(*this, around_.received); code != 0)
    return end(std::unexpected(lost(code)));
  if (tls_.context == nullptr) {
    opened();
    if (!received.empty() && state_ == State::open) on_bytes(received);
    return;
  }
  auto session = tls_.context->connect(
      {.origin = http::to_string(*origin_), .host = std::move(tls_.server_name)});
  if (!session) return end(std::unexpected(std::move(session.error())));
  session_ = std::move(*session);
  state_ = State::handshaking;
  around_.events->on_connected(id_);
  shake_hands();
  if (!received.empty() && state_ == State::handshaking) on_bytes(received);
}

void Connection::opened() {
  state_ = State::open;
  around_.events->on_dialled(id_, {});
}

void Connection::on_bytes(Bytes bytes) {
  heard_something_ = true;
  if (!session_) {
    received(bytes);
    if (bytes.size() == around_.received.size()) receive_rest();
    return;
  }
  session_->feed(bytes);
  if (state_ == State::handshaking) shake_hands();
  if (state_ == State::open) decrypt();
}

// What TLS has read is decrypted to its end all the same: it lies in a buffer that others read
// into.
void Connection::received(Bytes bytes) {
  if (around_.events->on_received(id_, bytes) || !reading_) return;
  reading_ = false;
  socket_->stop_reading();
}

// The buffer was full, so that there is more: that of a large body is read to where it stays.
void Connection::receive_rest() {
  struct Rest final : core::Unread {
    explicit Rest(Stream& stream) : socket(stream) {}
    std::size_t read(std::span<char> into) noexcept override {
      const int outcome = socket.try_read(into);
      code = std::min(outcome, 0);
      return static_cast<std::size_t>(std::max(outcome, 0));
    }
    Stream& socket;
    int code = 0;
  };
  if (state_ != State::open || !reading_) return;
  Rest rest(*socket_);
  around_.events->receive(id_, rest);
  if (rest.code == 0) return;
  socket_->stop_reading();
  on_end(rest.code);
}

void Connection::read_on() {
  if (reading_ || state_ != State::open) return;
  reading_ = true;
  if (const int code = socket_->read_on(); code != 0) end(std::unexpected(lost(code)));
}

void Connection::shake_hands() {
  const Result<bool> complete = session_->handshake();
  send();  // our part of the handshake, or the alert that says why there is none
  if (!complete) return end(std::unexpected(complete.error()));
  if (*complete) opened();
}

void Connection::decrypt() {
  for (;;) {
    const Result<std::size_t> count = decrypt_some();
    if (!count) {
      send();  // the alert
      return end(std::unexpected(count.error()));
    }
    if (*count == 0) break;
  }
  if (session_->peer_closed()) return end({});
  drained_ = true;
  if (!std::exchange(awaits_rest_, true)) around_.events->on_drained(id_);
  send();
  if (session_->output().size() > owed_bytes_max)
    end(std::unexpected(Error{.code = ErrorCode::connection_lost,
                              .phase = Phase::tls,
                              .detail = "the server demands TLS answers and takes none"}));
}

Result<std::size_t> Connection::decrypt_some() {
  struct Decrypted final : core::Unread {
    explicit Decrypted(tls::Session& from) : session(from) {}
    std::size_t read(std::span<char> into) noexcept override {
      try {
        count = session.read(into);
      } catch (...) {
        thrown = std::current_exception();
      }
      return count.value_or(0);
    }
    tls::Session& session;
    Result<std::size_t> count = 0;
    std::exception_ptr thrown;
  };
  Decrypted decrypted(*session_);
  if (around_.events->receive(id_, decrypted)) {
    if (decrypted.thrown) std::rethrow_exception(decrypted.thrown);
    return decrypted.count;
  }
  const Result<std::size_t> count = session_->read(around_.decrypted);
  if (count && *count > 0) received({around_.decrypted.data(), *count});
  return count;
}

void Connection::on_end(int code) {
  if (code != UV_EOF) return end(std::unexpected(lost(code)));
  if (write_error_ != 0) return end(std::unexpected(lost(write_error_)));
  if (!session_) return end({});
  // Without a close_notify anybody on the path may have cut the stream (RFC 8446 §6.1, S38).
  Error cut = lost(0);
  cut.detail = state_ == State::handshaking
                   ? "the server closed the connection during the TLS handshake"
                   : "the TLS stream was cut without close_notify";
  end(std::unexpected(std::move(cut)));
}

void Connection::write(Bytes bytes) {
  assert(unwritten_.empty());
  if (state_ != State::open || write_error_ != 0) return;  // its end is about to be reported
  unwritten_ = bytes;
  drained_ = false;
  send();
}

void Connection::rest() noexcept {
  awaits_rest_ = false;
  if (std::exchange(drained_, false) && session_) session_->give_back_buffers();
}

bool Connection::give_up_if_silent() {
  if (state_ == State::ended) return true;
  if (std::exchange(heard_something_, false)) return false;
  end(std::unexpected(lost(write_error_)));
  return true;
}

Error Connection::lost(int code) const {
  Error error{.system_code = code, .detail = "the connection broke"};
  switch (state_) {
    case State::dialling:
      error.code = ErrorCode::connect_failed;
      error.phase = Phase::connect;
      break;
    case State::handshaking:  // nothing was refused, so another dial may fare better
      error.code = ErrorCode::connect_failed;
      error.phase = Phase::tls;
      error.detail += " during the TLS handshake";
      break;
    case State::open:
    case State::ended:
      error.code = ErrorCode::connection_lost;
      error.phase = Phase::wait;
      break;
  }
  if (code != 0) error.detail += ": " + system_text(code);
  return error;
}

void Connection::end(Result<void> how) {
  const bool dialled = state_ == State::open;
  if (dialled) report_begun_flight();
  release();
  if (dialled)
    around_.events->on_closed(id_, std::move(how));
  else
    around_.events->on_dialled(id_, std::move(how));
}

void Connection::close() { release(); }

// The one way to the state `ended`.
void Connection::release() {
  // A flight that the kernel has not taken whole stays as it is: a request that counts as unsent
  // must not be sent after all, behind the core's back.
  const bool tell_peer = state_ == State::open && session_ && session_->output().empty();
  state_ = State::ended;
  if (tell_peer && write_error_ == 0) {
    session_->close();
    socket_->try_write(session_->output());
  }
  dialler_.reset();
  session_.reset();
  socket_.reset();
}

}  // namespace headrace::io
