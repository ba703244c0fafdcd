#pragma once

#include <memory>
#include <string>

#include "engine/tls/context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/tls/memory_server.hpp"

namespace headrace::test {

inline std::unique_ptr<tls::Context> context_for(const TlsOptions& options) {
  auto context = tls::Context::create(options);
  if (!context) FAIL(context.error().detail);
  return std::move(*context);
}

// What connecting to `host` gives when the server is set up like this.
inline Result<void> handshake_with(const TlsOptions& options, const ServerTls& server_options,
                                   const std::string& host = "cloud.example") {
  const auto context = context_for(options);
  const TlsContext server_context = make_tls_context(server_options);
  MemoryServer server(server_context.get());
  auto session = context->connect({.origin = "https://" + host + ":443", .host = host});
  REQUIRE(session);
  return shake_hands(**session, server);
}

inline std::string detail_of(const Result<void>& outcome) {
  return outcome ? "accepted" : outcome.error().detail;
}

// The error that refuses the options.
inline Error refusal_of(const TlsOptions& options) {
  const auto context = tls::Context::create(options);
  return context ? Error{.detail = "accepted"} : context.error();
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace headrace::test
