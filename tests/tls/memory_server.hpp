#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "engine/tls/context.hpp"
#include "tests/support/server_tls.hpp"

namespace headrace::test {

// The server's end of a TLS connection, as pure as the client's: ciphertext in, ciphertext out.
class MemoryServer {
 public:
  explicit MemoryServer(SSL_CTX* context);

  // Takes ciphertext, goes on with whatever that allows, and gives what is to be sent back.
  std::string feed(std::string_view ciphertext);

  std::string encrypt(std::string_view plain);
  std::string close_notify();
  std::string update_key();  // TLS 1.3: asks the client to update its own too

  const std::string& received() const { return received_; }  // plaintext of the client
  bool client_closed() const;                                // by close_notify
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  std::string client_subject() const { return test::client_subject(ssl_.get()); }
  SSL* ssl() const { return ssl_.get(); }

 private:
  std::string output();

  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string received_;
};

inline constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

// Takes everything the session has for its peer.
std::string take_output(tls::Session& session);

// Runs a handshake to its end or failure, the server's bytes cut into pieces. On success the bytes
// that the server sent after its handshake (tickets) have been read too.
Result<void> shake_hands(tls::Session& session, MemoryServer& server, std::size_t piece = whole);

// Feeds ciphertext in pieces; gives the plaintext, or the error that ended it.
Result<std::string> decrypt(tls::Session& session, std::string_view ciphertext,
                            std::size_t piece = whole);

}  // namespace headrace::test
