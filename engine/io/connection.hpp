#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/base/bytes.hpp"
#include "engine/base/id.hpp"
#include "engine/core/completion.hpp"
#include "engine/http/origin.hpp"
#include "engine/io/dialler.hpp"
#include "engine/io/stream.hpp"
#include "engine/io/tls_contexts.hpp"
#include "engine/tls/session.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// What happens to connections. None of these may destroy the connection while it reports: it is
// used after the call. They mirror core::Core's inputs.
class ConnectionEvents {
 public:
  virtual void on_connected(ConnectionId id) = 0;  // and begins to shake hands; https only
  virtual void on_dialled(ConnectionId id, Result<void> outcome) = 0;  // an error is its last word
  virtual void on_written(ConnectionId id, std::size_t count) = 0;
  virtual bool on_received(ConnectionId id, Bytes bytes) = 0;  // false: read no further for now
  virtual std::optional<std::size_t> receive(ConnectionId id, core::Unread& unread) = 0;
  virtual void on_closed(ConnectionId id, Result<void> how) = 0;  // its last word
  // Not for the core: rest() is to be called before the loop sleeps. Not again before that.
  virtual void on_drained(ConnectionId id) = 0;
  // Not for the core: from now on give_up_if_silent() must be called after each poll.
  virtual void on_write_failed(ConnectionId id) = 0;

 protected:
  ~ConnectionEvents() = default;
};

// What the connections of one loop share.
struct Surroundings : DialSurroundings {
  ConnectionEvents* events = nullptr;
  std::span<char> decrypted;  // TLS with origins decrypts into that, where there is any
};

// One byte stream to an origin, by whatever way, with or without TLS.
//
//     dialling      the dialler makes a way to the origin
//     handshaking   there is one, TLS not yet
//     open          read-armed, but where on_received said no; bytes go both ways
//     ended         its end was reported, or it was told to close; nothing is reported any more
//
// After a failed write it still reads what the kernel has: a server that answers and then resets
// must not lose its answers to our next write. Once a poll brings nothing more, it ends with the
// write's error.
class Connection final : Dialler::Events, Stream::Events {
 public:
  // The context of `tls` is null for http and outlives the connection.
  Connection(const Surroundings& surroundings, ConnectionId id,
             std::shared_ptr<const http::Origin> origin, TlsChoice tls);

  // May report before it returns.
  void dial(Instant now);

  // Writes, and goes on writing as there is room. The bytes stay until on_written has reported them
  // all or the connection ended. Not while an earlier write goes on.
  void write(Bytes bytes);

  // Goes on where on_received gave false. May report before it returns.
  void read_on();

  // Unless something was written since the last read, TLS gives back the memory of its records.
  void rest() noexcept;

  // Ends it without a report. Over TLS the peer is told, if the kernel has room for that.
  void close();

  // Ends it if its writing has failed and the last poll brought nothing. False when it goes on.
  bool give_up_if_silent();

  bool ended() const noexcept { return state_ == State::ended; }

 private:
  enum class State : std::uint8_t { dialling, handshaking, open, ended };

  void on_stream(StreamPointer stream, Bytes received) override;
  void on_dial_failed(Error error) override;
  void on_bytes(Bytes bytes) override;
  void on_end(int code) override;
  void on_byte_written(int code) override;

  // Reading
  void shake_hands();
  void received(Bytes bytes);
  void receive_rest();
  void decrypt();
  Result<std::size_t> decrypt_some();

  // Writing
  void send();
  void wait_for_room(char byte);
  Bytes next_to_send();
  void accepted(std::size_t count);
  void fail_writing(int code);

  // The end
  void opened();
  void end(Result<void> how);
  Error lost(int code) const;
  void report_begun_flight();
  void release();

  const Surroundings& around_;
  const ConnectionId id_;
  std::shared_ptr<const http::Origin> origin_;
  TlsChoice tls_;
  State state_ = State::dialling;
  std::optional<Dialler> dialler_;
  StreamPointer socket_;
  std::unique_ptr<tls::Session> session_;

  Bytes unwritten_;              // of the current write, what was not reported yet
  std::size_t flight_ = 0;       // TLS: how many of these are encrypted and on their way
  bool flight_begun_ = false;    // TLS: the kernel has taken a byte since they were encrypted
  bool byte_counted_ = false;    // the byte that waits for its report was taken at once
  int write_error_ = 0;          // libuv's code, once a write failed
  bool heard_something_ = true;  // since the last give_up_if_silent()
  bool reading_ = true;
  bool drained_ = false;      // TLS has read all, and nothing was written since
  bool awaits_rest_ = false;  // on_drained was called
};

}  // namespace headrace::io
