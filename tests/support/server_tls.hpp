#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/certificates.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {

// How a scripted server speaks TLS.
struct ServerTls {
  std::string chain_file;
  std::string key_file;
  int version_max = TLS1_3_VERSION;
  bool tickets = true;              // lets clients resume
  int security_level = -1;          // as OpenSSL has it; -1: the system's
  std::string client_ca_file = {};  // a client must show a certificate of its
};

inline ServerTls showing(const Certificates::Files& files) {
  return {.chain_file = files.chain_file, .key_file = files.key_file};
}

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeSsl>;

TlsContext make_tls_context(const ServerTls& options);

// Of the certificate that the client showed, "/CN=name"; empty without one.
std::string client_subject(const SSL* session);

// The server's end of one TLS connection, over memory BIOs: no signal, no descriptor of OpenSSL's.
class TlsSession {
 public:
  explicit TlsSession(SSL_CTX* context);

  // Nothing when it succeeded, else OpenSSL's or the client's reason.
  std::optional<std::string> shake_hands(Socket& socket);

  // As Socket::receive; throws PeerGone at an end without close_notify.
  std::string receive(Socket& socket);
  void send(Socket& socket, std::string_view bytes);
  void notify_close(Socket& socket);

  bool silent() const;
  bool resumed() const;
  std::string version() const;      // "TLSv1.3"
  std::string protocol() const;     // by ALPN
  std::string server_name() const;  // by SNI
  std::string client_subject() const { return test::client_subject(session_.get()); }

 private:
  void flush(Socket& socket);
  bool feed(Socket& socket);  // false at the end of the stream

  std::unique_ptr<SSL, FreeSsl> session_;
};

}  // namespace headrace::test
