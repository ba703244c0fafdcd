#pragma once

#include <memory>

#include "engine/tls/session.hpp"
#include "headrace/error.hpp"
#include "headrace/tls_options.hpp"

namespace headrace::tls {

// What all TLS connections of an engine, or of an origin that has TlsOptions of its own, share: the
// trusted authorities and the client certificate, read once, what is offered, and the sessions to
// resume. TLS 1.2 and up; chain and name are verified unless TlsOptions::insecure says otherwise;
// ALPN offers http/1.1; no compression, no renegotiation.
//
// Belongs to one thread. Sessions hold on to it: it must outlive them.
class Context {
 public:
  // Whether create() may fail for what the options say, so that the sooner it is called the better.
  static bool may_refuse(const TlsOptions& options);

  // Reads the files and asks for the passphrase. Fails with tls_failed when one cannot be used,
  // with invalid_argument for ciphers that there are not, with internal when out of memory.
  static Result<std::unique_ptr<Context>> create(const TlsOptions& options);

  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // A session before its handshake, resuming an earlier one with the same Peer::origin if there is
  // one. Fails with tls_failed when no certificate can name the host, with internal when out of
  // memory.
  Result<std::unique_ptr<Session>> connect(Peer peer);

 private:
  friend class Session;
  struct Impl;

  explicit Context(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace::tls
