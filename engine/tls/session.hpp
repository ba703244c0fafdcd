#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/base/bytes.hpp"
#include "engine/tls/memory_stream.hpp"
#include "headrace/error.hpp"

struct ssl_st;  // OpenSSL's SSL; its headers stay inside engine/tls

namespace headrace::tls {

class Context;

// Whom a session talks to.
struct Peer {
  std::string origin;  // scheme, host and port
  std::string host;    // what the certificate must name: a DNS name or an IP literal, no brackets

  // Under which resumable sessions are kept.
  std::string session_key() const { return origin + " " + host; }
};

// The client's end of one TLS connection, without the socket: ciphertext goes in by feed() and
// comes out in output(). A life is
//
//     handshake() -> send output() -> { feed(); handshake() -> send output() }* until true
//     { write() -> send output() | feed(); read()* -> send output() }*
//     close() -> send output()
//
// Belongs to one thread, as its Context does, and must not outlive it. After an error nothing but
// output() (an alert for the peer, perhaps) is of use.
class Session {
 public:
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Ciphertext from the peer. The calls that follow read it in place, until handshake() gives false
  // or read() gives 0: then none of it is left and it may go.
  void feed(Bytes ciphertext);

  // Goes on with the handshake: true when it is complete, false when it waits for the peer. The
  // error is tls_failed and says which certificate was refused and why.
  Result<bool> handshake();

  // Decrypts into the buffer, as much as there is. 0: no more until the next feed(), or never again
  // after peer_closed(). Bytes that came before an error are given before it.
  Result<std::size_t> read(std::span<char> into);

  // Encrypts all of it, to be sent with what output() already holds.
  Result<void> write(Bytes plain);

  // Between two records: gives back what memory they take (34 KB), which the next read or write
  // takes again.
  void give_back_buffers() noexcept;

  // Says close_notify to the peer where the handshake came that far; a second call says nothing.
  void close();

  // The peer said close_notify: the stream is whole, nothing is missing at its end (S38).
  bool peer_closed() const noexcept { return peer_closed_; }

  // A session of an earlier connection shortened the handshake.
  bool resumed() const noexcept;

  // Ciphertext for the peer, to be taken from the front as it is sent.
  Bytes output() const noexcept { return Bytes(stream_.output).substr(sent_); }
  void take(std::size_t count);

 private:
  friend class Context;
  struct Callbacks;

  explicit Session(Peer peer);
  Result<void> begin(Context& context);
  Error handshake_error();
  Error stream_error();
  std::string about_our_certificate(unsigned long code) const;
  bool may_read() const noexcept;
  std::optional<Error> check_protocol() const;

  Peer peer_;
  MemoryStream stream_;  // outlives ssl_, whose BIO points to it
  std::size_t sent_ = 0;
  std::string* spare_output_ = nullptr;  // the context's: memory for the next output
  ssl_st* ssl_ = nullptr;
  std::string refusal_;         // why the certificate was refused, once it was
  std::optional<Error> error_;  // what ended the session, given again at each call
  bool has_identity_ = false;
  bool certificate_wanted_ = false;
  bool complete_ = false;
  bool peer_closed_ = false;
};

}  // namespace headrace::tls
