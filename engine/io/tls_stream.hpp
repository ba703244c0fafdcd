#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/io/stream.hpp"
#include "engine/tls/session.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

class TlsStream;

struct TlsStreamClosed {
  void operator()(TlsStream* stream) const noexcept;
};
using TlsStreamPointer = std::unique_ptr<TlsStream, TlsStreamClosed>;

// TLS with a proxy as a stream for what is said through it, be that TLS again. (With an origin a
// Connection speaks TLS itself, and counts what the kernel took of each request; here what was
// encrypted counts as taken, for any part of it may have left.)
class TlsStream final : public Stream, Stream::Events {
 public:
  class HandshakeEvents {
   public:
    virtual void on_shaken_hands() = 0;
    virtual void on_handshake_failed(Error error) = 0;  // tls_failed, connect_failed

   protected:
    ~HandshakeEvents() = default;
  };

  // Sockets read into `received`; what comes out of that is decrypted into `decrypted`, which
  // nobody else may use meanwhile.
  static TlsStreamPointer make(StreamPointer under, std::unique_ptr<tls::Session> session,
                               std::span<char> received, std::span<char> decrypted);

  // May report before it returns. The stream may be let go of in a report.
  void shake_hands(HandshakeEvents& events);

  // The others are for later.
  int start_reading(Stream::Events& events, std::span<char> buffer) override;
  void stop_reading() noexcept override { under_->stop_reading(); }
  int read_on() override { return under_->read_on(); }
  int try_read(std::span<char>) noexcept override { return 0; }  // all was reported
  int try_write(Bytes bytes) override;
  int write_byte(char byte) override;
  bool waiting() const noexcept override { return byte_.has_value(); }
  bool byte_taken() const noexcept override { return false; }

 private:
  friend struct TlsStreamClosed;
  enum class State : std::uint8_t { handshaking, open, closed };

  // Keeps the stream in memory while one of its members runs.
  class Busy;

  TlsStream(StreamPointer under, std::unique_ptr<tls::Session> session, std::span<char> received,
            std::span<char> decrypted);
  ~TlsStream() = default;

  void close() noexcept override;
  void on_bytes(Bytes bytes) override;
  void on_end(int code) override;
  void on_byte_written(int code) override;

  void go_on_shaking_hands();
  void decrypt();
  int send();
  void end(int code);

  StreamPointer under_;
  std::unique_ptr<tls::Session> session_;
  const std::span<char> received_;
  const std::span<char> decrypted_;
  State state_ = State::handshaking;
  HandshakeEvents* handshake_events_ = nullptr;
  Stream::Events* events_ = nullptr;
  std::optional<char> byte_;   // of write_byte, not yet encrypted
  bool byte_counted_ = false;  // the byte that the stream under this waits with was taken at once
  int write_error_ = 0;
  unsigned busy_ = 0;
};

}  // namespace headrace::io
