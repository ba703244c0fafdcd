// S39: client certificates.

#include <stdexcept>

#include "tests/support/temporary_directory.hpp"
#include "tests/tls/handshake_with.hpp"

namespace headrace::test {
namespace {

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

Certificates::Files client_files() {
  static const auto files =
      certificates().issue({.common_name = "the client", .usage = "clientAuth"});
  return files;
}

TlsOptions trusting() { return {.ca_file = certificates().ca_file()}; }

// Whose certificate a server sees that asks for one.
Result<std::string> seen_by_server(const TlsOptions& options, int version = TLS1_3_VERSION) {
  static const auto files = certificates().issue({.dns = {"cloud.example"}});
  ServerTls server_options = showing(files);
  server_options.version_max = version;
  server_options.client_ca_file = certificates().ca_file();
  const auto context = context_for(options);
  const TlsContext server_context = make_tls_context(server_options);
  MemoryServer server(server_context.get());
  auto session = context->connect({.origin = "https://a:443", .host = "cloud.example"});
  REQUIRE(session);
  if (Result<void> done = shake_hands(**session, server); !done)
    return std::unexpected(done.error());
  return server.client_subject();
}

TEST_CASE("S39: a client certificate is shown, out of files and memory, beside its key or not") {
  const std::string certificate = read_file(client_files().chain_file);
  const std::string key = read_file(client_files().key_file);
  std::vector<TlsOptions> ways(4, trusting());
  ways[0].certificate_file = client_files().chain_file;
  ways[0].key_file = client_files().key_file;
  ways[1].certificate_pem = certificate;
  ways[1].key_pem = key;
  ways[2].certificate_pem = certificate + key;
  ways[3].certificate_pem = key + certificate;
  for (const TlsOptions& options : ways)
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
      CHECK(seen_by_server(options, version).value_or("refused") == "/CN=the client");
}

TEST_CASE("S39: issuers that stand after the client certificate are sent with it") {
  const auto files = certificates().issue_by_intermediate(
      {.common_name = "the client", .usage = "clientAuth"}, true);
  TlsOptions options = trusting();
  options.certificate_file = files.chain_file;
  options.key_file = files.key_file;
  CHECK(seen_by_server(options).value_or("refused") == "/CN=the client");
}

TEST_CASE("S39: an encrypted key is read with the passphrase, asked for once, and only then") {
  int questions = 0;
  TlsOptions options = trusting();
  options.certificate_file = client_files().chain_file;
  options.key_file = client_files().key_file;
  options.key_passphrase = [&] {
    ++questions;
    return std::string("open sesame");
  };
  CHECK(seen_by_server(options).value_or("refused") == "/CN=the client");
  CHECK(questions == 0);
  options.key_file = certificates().encrypted_key(client_files(), "open sesame");
  CHECK(seen_by_server(options).value_or("refused") == "/CN=the client");
  CHECK(questions == 1);
}

TEST_CASE("S39: a server that wants another client certificate, or one at all, is understood") {
  const Certificates others;
  const auto wrong = others.issue({.usage = "clientAuth"});
  TlsOptions with_wrong = trusting();
  with_wrong.certificate_file = wrong.chain_file;
  with_wrong.key_file = wrong.key_file;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    INFO("version " << version);
    const auto missing = seen_by_server(trusting(), version);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::tls_failed);
    CHECK(holds(missing.error().detail, "the server asks for a client certificate"));
    const auto refused = seen_by_server(with_wrong, version);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::tls_failed);
    CHECK(holds(refused.error().detail, "alert unknown ca"));
    CHECK(holds(refused.error().detail, "does not accept the client certificate"));
  }
}

TEST_CASE("S39: certificates and keys that cannot be used are an error that says which and why") {
  const Certificates::Files good = client_files();
  const auto other = certificates().issue({.usage = "clientAuth"});
  const auto rsa = certificates().issue({.rsa_bits = 2048, .usage = "clientAuth"});
  const auto weak = certificates().issue({.rsa_bits = 512, .usage = "clientAuth"});
  const std::string encrypted = certificates().encrypted_key(good, "open sesame");
  const auto with = [&](const std::string& certificate, const std::string& key,
                        std::function<std::string()> passphrase = {}) {
    return TlsOptions{
        .certificate_file = certificate, .key_file = key, .key_passphrase = std::move(passphrase)};
  };
  struct Case {
    TlsOptions options;
    std::vector<std::string> parts;
  };
  const std::vector<Case> cases{
      {with("/no/c.pem", good.key_file), {"the client certificate \"/no/c.pem\"", "No such file"}},
      {with(good.key_file, good.key_file), {"holds no certificate in PEM"}},
      {with(good.chain_file, "/no/key.pem"), {"the key file \"/no/key.pem\"", "No such file"}},
      {with(good.chain_file, good.chain_file), {"cannot read a private key in PEM from the key"}},
      {with(good.chain_file, ""), {"a private key in PEM from the client certificate"}},
      {with(good.chain_file, other.key_file), {"does not belong to", "key values mismatch"}},
      {with(good.chain_file, rsa.key_file), {"does not belong to", "different key types"}},
      {with(weak.chain_file, weak.key_file), {"OpenSSL does not accept", "key too small"}},
      {with(good.chain_file, encrypted), {"is encrypted, and there is no key_passphrase"}},
      {with(good.chain_file, encrypted, [] { return std::string("wrong"); }),
       {"cannot decrypt the key in the key file \"" + encrypted}},
      {with(good.chain_file, encrypted, [] { return std::string(2000, 'x'); }), {"is too long"}},
      {with(good.chain_file, encrypted,
            []() -> std::string { throw std::runtime_error("open sesame"); }),
       {"key_passphrase threw"}},
      {{.certificate_pem = "x"}, {"the option certificate_pem holds no certificate"}},
      {{.certificate_pem = read_file(good.chain_file), .key_pem = "x"},
       {"cannot read a private key in PEM from the option key_pem"}},
  };
  for (const Case& c : cases) {
    const Error error = refusal_of(c.options);
    INFO(error.detail);
    CHECK(error.code == ErrorCode::tls_failed);
    for (const std::string& part : c.parts) CHECK(holds(error.detail, part));
    CHECK_FALSE(holds(error.detail, "sesame"));
  }
}

}  // namespace
}  // namespace headrace::test
