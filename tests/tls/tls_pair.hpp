#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <utility>

#include "engine/tls/context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/tls/memory_server.hpp"

namespace headrace::test {

// A client's context that trusts a server's, and a session before its handshake.
struct TlsPair {
  explicit TlsPair(int version_max = TLS1_3_VERSION, const std::string& host = "cloud.example") {
    static const Certificates certificates;
    static const auto files = certificates.issue({.dns = {"cloud.example"}, .ips = {"127.0.0.1"}});
    server_context = make_tls_context(
        {.chain_file = files.chain_file, .key_file = files.key_file, .version_max = version_max});
    auto made = tls::Context::create({.ca_file = certificates.ca_file()});
    REQUIRE(made);
    context = std::move(*made);
    session = connect(host);
  }

  std::unique_ptr<tls::Session> connect(const std::string& host = "cloud.example",
                                        const std::string& port = "443") const {
    auto made = context->connect({.origin = "https://" + host + ":" + port, .host = host});
    REQUIRE(made);
    return std::move(*made);
  }

  TlsContext server_context;
  std::unique_ptr<tls::Context> context;
  std::unique_ptr<tls::Session> session;
};

// The same record with its last bit wrong.
inline std::string forged(std::string record) {
  record.back() = static_cast<char>(record.back() ^ 1);
  return record;
}

}  // namespace headrace::test
