#include "engine/io/tls_stream.hpp"

#include <uv.h>

#include <algorithm>
#include <utility>

#include "engine/io/address.hpp"

namespace headrace::io {
namespace {

// How much is encrypted ahead of the kernel.
constexpr std::size_t ahead_bytes_max = std::size_t{256} * 1024;

// Ciphertext that a proxy may make us owe it without taking any.
constexpr std::size_t owed_bytes_max = std::size_t{1} << 20U;

}  // namespace

class TlsStream::Busy {
 public:
  explicit Busy(TlsStream& stream) : stream_(stream) { ++stream_.busy_; }
  ~Busy() {
    if (--stream_.busy_ == 0 && stream_.state_ == State::closed) delete &stream_;
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  TlsStream& stream_;
};

void TlsStreamClosed::operator()(TlsStream* stream) const noexcept { stream->close(); }

TlsStreamPointer TlsStream::make(StreamPointer under, std::unique_ptr<tls::Session> session,
                                 std::span<char> received, std::span<char> decrypted) {
  return TlsStreamPointer(new TlsStream(std::move(under), std::move(session), received, decrypted));
}

TlsStream::TlsStream(StreamPointer under, std::unique_ptr<tls::Session> session,
                     std::span<char> received, std::span<char> decrypted)
    : under_(std::move(under)),
      session_(std::move(session)),
      received_(received),
      decrypted_(decrypted) {}

void TlsStream::close() noexcept {
  const Busy busy(*this);
  if (state_ == State::open && write_error_ == 0 && session_->output().empty()) {
    session_->close();
    under_->try_write(session_->output());
  }
  state_ = State::closed;
  under_.reset();
}

void TlsStream::shake_hands(HandshakeEvents& events) {
  const Busy busy(*this);
  handshake_events_ = &events;
  Stream::Events& own = *this;
  if (const int code = under_->start_reading(own, received_); code != 0) return on_end(code);
  go_on_shaking_hands();
}

void TlsStream::go_on_shaking_hands() {
  const Result<bool> complete = session_->handshake();
  const int sent = send();  // our part of it, or the alert that says why there is none
  if (!complete) return handshake_events_->on_handshake_failed(complete.error());
  if (sent != 0) return on_end(sent);
  if (!*complete) return;
  state_ = State::open;
  handshake_events_->on_shaken_hands();
}

int TlsStream::start_reading(Stream::Events& events, std::span<char>) {
  events_ = &events;
  return 0;
}

void TlsStream::on_bytes(Bytes bytes) {
  const Busy busy(*this);
  session_->feed(bytes);
  if (state_ == State::handshaking) go_on_shaking_hands();
  if (state_ == State::open) decrypt();
}

void TlsStream::decrypt() {
  for (;;) {
    const Result<std::size_t> count = session_->read(decrypted_);
    if (!count) {
      send();  // the alert
      return end(UV_EPROTO);
    }
    if (*count == 0) break;
    events_->on_bytes({decrypted_.data(), *count});
    if (state_ == State::closed) return;
  }
  if (session_->peer_closed()) return end(UV_EOF);
  session_->give_back_buffers();
  send();  // what the protocol itself has to say; should that fail, the next write does, too
  if (session_->output().size() > owed_bytes_max) end(UV_EPROTO);
}

// Without a close_notify anybody between here and the proxy may have cut the stream (S38).
void TlsStream::on_end(int code) {
  const Busy busy(*this);
  if (state_ == State::open) return end(code == UV_EOF ? UV_ECONNABORTED : code);
  const std::string why =
      code == UV_EOF ? "it closed the connection" : "the connection broke: " + system_text(code);
  handshake_events_->on_handshake_failed({.code = ErrorCode::connect_failed,
                                          .phase = Phase::tls,
                                          .system_code = code == UV_EOF ? 0 : code,
                                          .detail = why + " during the TLS handshake"});
}

void TlsStream::end(int code) { events_->on_end(code); }

int TlsStream::try_write(Bytes bytes) {
  if (const int code = send(); code != 0) return code;
  std::size_t taken = 0;
  while (taken < bytes.size() && session_->output().empty()) {
    const Bytes next = bytes.substr(taken, ahead_bytes_max);
    if (!session_->write(next)) return UV_EPROTO;
    taken += next.size();
    if (const int code = send(); code != 0) return code;
  }
  return static_cast<int>(taken);
}

int TlsStream::write_byte(char byte) {
  if (write_error_ != 0) return write_error_;
  byte_ = byte;
  return 0;
}

// 0, also when some has to wait for room, or libuv's code.
int TlsStream::send() {
  if (write_error_ != 0 || under_->waiting()) return write_error_;
  while (!session_->output().empty()) {
    const int count = under_->try_write(session_->output());
    if (count < 0) return write_error_ = count;
    session_->take(static_cast<std::size_t>(count));
    if (session_->output().empty()) break;
    if (const int code = under_->write_byte(session_->output().front()); code != 0)
      return write_error_ = code;
    byte_counted_ = under_->byte_taken();
    if (byte_counted_) session_->take(1);
    break;
  }
  return 0;
}

void TlsStream::on_byte_written(int code) {
  const Busy busy(*this);
  if (code != 0) {
    write_error_ = code;
  } else {
    if (!std::exchange(byte_counted_, false)) session_->take(1);
    send();
  }
  if (!byte_ || (write_error_ == 0 && !session_->output().empty())) return;
  const char byte = *std::exchange(byte_, std::nullopt);
  if (write_error_ == 0 && !session_->write({&byte, 1})) write_error_ = UV_EPROTO;
  if (write_error_ == 0) send();
  events_->on_byte_written(write_error_);
}

}  // namespace headrace::io
