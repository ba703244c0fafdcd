#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/received_request.hpp"
#include "tests/support/server_tls.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {

// The server's end of one connection: does what it is told, byte by byte. Everything that waits
// throws TimedOut when it would wait too long, and PeerGone when the client has gone.
class Peer {
 public:
  // `context` is null for plain TCP; with one, nothing works before shake_hands().
  Peer(std::shared_ptr<Socket> socket, SSL_CTX* context);

  // One whole request, body included.
  ReceivedRequest read_request();
  std::vector<ReceivedRequest> read_requests(std::size_t count);

  // Everything up to and with `end`, for a request that is not whole yet.
  std::string read_until(std::string_view end);

  // A further whole request, if it has been read already.
  std::optional<ReceivedRequest> take_buffered() { return take_request(buffer_); }

  // The requests that lie in what was read already and in what one more read gives: written by the
  // client in one go, they are found here together. Throws when a request is cut.
  std::vector<ReceivedRequest> read_together();

  // True when nothing has arrived that was not read. It does not wait: a test first makes something
  // happen that would have come later.
  bool silent() const;

  void send(std::string_view bytes);

  // Waits for the end of the stream, in whatever way; throws when bytes come before it.
  void expect_closed();

  void close();            // over TLS with close_notify
  void cut();              // FIN; over TLS without close_notify
  void reset();            // RST
  void shut_down_write();  // over TLS with close_notify; reading goes on

  std::optional<std::string> shake_hands();  // nothing when it succeeded, else why not
  Socket& socket() { return *socket_; }      // below TLS
  const TlsSession& tls() const { return *tls_; }

 private:
  std::string receive();
  void read_more();

  std::shared_ptr<Socket> socket_;
  std::optional<TlsSession> tls_;
  std::string buffer_;
};

}  // namespace headrace::test
