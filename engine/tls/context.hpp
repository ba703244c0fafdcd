#pragma once

#include <memory>

#include "engine/tls/session.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::tls {

// What all TLS connections of an engine share: the trusted authorities, read once, what is offered,
// and the sessions to resume. TLS 1.2 and up; chain and name are verified unless
// TlsOptions::insecure says otherwise; ALPN offers http/1.1; no compression, no renegotiation.
//
// Belongs to one thread. Sessions hold on to it: it must outlive them.
class Context {
 public:
  // Reads the CA file. Fails with tls_failed when that cannot be read or holds no certificate, with
  // internal when out of memory.
  static Result<std::unique_ptr<Context>> create(const TlsOptions& options);

  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // A session before its handshake, resuming an earlier one with the same Peer::origin if there is
  // one. Fails with internal when out of memory.
  Result<std::unique_ptr<Session>> connect(Peer peer);

 private:
  friend class Session;
  struct Impl;

  explicit Context(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace headrace::tls
