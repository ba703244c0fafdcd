#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "tests/support/certificates.hpp"

namespace headrace::count {

struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};
using Session = std::unique_ptr<SSL, FreeSession>;

/// The server's side of TLS, with a certificate for 127.0.0.1 made for it.
class ServerTls {
 public:
  ServerTls();

  /// Shakes hands on a blocking socket; empty when that fails.
  Session accept(int descriptor) const;
  std::string ca_file() const { return certificates_.ca_file(); }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  test::Certificates certificates_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
};

}  // namespace headrace::count
