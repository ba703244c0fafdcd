// S39: what a client offers, and the log of its keys.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"
#include "tests/tls/handshake_with.hpp"

namespace headrace::test {
namespace {

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

ServerTls server(int version) {
  static const auto files = certificates().issue({.dns = {"cloud.example"}});
  ServerTls options = showing(files);
  options.version_max = version;
  return options;
}

TlsOptions trusting() { return {.ca_file = certificates().ca_file()}; }

// The cipher that a server with no wishes of its own comes to.
std::string cipher_of(const TlsOptions& options, int version) {
  const auto context = context_for(options);
  const TlsContext server_context = make_tls_context(server(version));
  MemoryServer peer(server_context.get());
  auto session = context->connect({.origin = "https://a:443", .host = "cloud.example"});
  REQUIRE(session);
  const Result<void> done = shake_hands(**session, peer);
  return done ? SSL_get_cipher_name(peer.ssl()) : done.error().detail;
}

TEST_CASE("S39: TLS 1.2 may be ruled out") {
  TlsOptions options = trusting();
  CHECK(handshake_with(options, server(TLS1_2_VERSION)));
  options.version_min = TlsVersion::v1_3;
  CHECK(handshake_with(options, server(TLS1_3_VERSION)));
  const Result<void> outcome = handshake_with(options, server(TLS1_2_VERSION));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::tls_failed);
  CHECK(holds(outcome.error().detail, "protocol version"));
}

TEST_CASE("S39: ciphers are offered as the options say") {
  TlsOptions options = trusting();
  options.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  options.ciphersuites = "TLS_CHACHA20_POLY1305_SHA256";
  CHECK(cipher_of(options, TLS1_2_VERSION) == "ECDHE-ECDSA-AES128-GCM-SHA256");
  CHECK(cipher_of(options, TLS1_3_VERSION) == "TLS_CHACHA20_POLY1305_SHA256");
  options.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305";
  options.ciphersuites = "TLS_AES_128_GCM_SHA256";
  CHECK(cipher_of(options, TLS1_2_VERSION) == "ECDHE-ECDSA-CHACHA20-POLY1305");
  CHECK(cipher_of(options, TLS1_3_VERSION) == "TLS_AES_128_GCM_SHA256");
}

TEST_CASE("S39: ciphers that there are not are a wrong option") {
  const Error old = refusal_of({.ciphers = "NO-SUCH"});
  CHECK(old.code == ErrorCode::invalid_argument);
  CHECK(holds(old.detail, "option tls.ciphers is \"NO-SUCH\""));
  for (const char* names : {"TLS_AES_128_GCM_SHA256:TLS_NONE", "TLS_NONE", ":"}) {
    const Error suites = refusal_of({.ciphersuites = names});
    CHECK(suites.code == ErrorCode::invalid_argument);
    CHECK(holds(suites.detail, "option tls.ciphersuites is \"" + std::string(names)));
  }
}

TEST_CASE("S39: keys are logged where the options say so, for its owner to read") {
  const TemporaryDirectory folder;
  TlsOptions options = trusting();
  options.key_log_file = (folder / "keys").string();
  std::ofstream(folder / "keys") << "# what was there before\n";
  CHECK(handshake_with(options, server(TLS1_3_VERSION)));
  CHECK(handshake_with(options, server(TLS1_2_VERSION)));
  const std::string keys = read_file(folder / "keys");
  CHECK(keys.starts_with("# what was there before\n"));
  CHECK(holds(keys, "\nCLIENT_TRAFFIC_SECRET_0 "));
  CHECK(holds(keys, "\nSERVER_TRAFFIC_SECRET_0 "));
  CHECK(holds(keys, "\nCLIENT_RANDOM "));
  CHECK(keys.ends_with("\n"));

  options.key_log_file = (folder / "new").string();
  CHECK(handshake_with(options, server(TLS1_3_VERSION)));
  struct stat facts{};
  REQUIRE(::stat(options.key_log_file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
}

TEST_CASE("S39: the environment alone logs no keys") {
  const TemporaryDirectory folder;
  ::setenv("SSLKEYLOGFILE", (folder / "keys").c_str(), 1);
  CHECK(handshake_with(trusting(), server(TLS1_3_VERSION)));
  ::unsetenv("SSLKEYLOGFILE");
  CHECK_FALSE(std::filesystem::exists(folder / "keys"));
}

TEST_CASE("S39: a key log that cannot be written is an error that says so") {
  const Error error = refusal_of({.key_log_file = "/no/such/folder/keys"});
  CHECK(error.code == ErrorCode::tls_failed);
  CHECK(error.system_code == ENOENT);
  CHECK(holds(error.detail, "the key log file \"/no/such/folder/keys\" (No such file"));
}

// The file can be opened, and no byte be written: the connection is worth more than its log.
TEST_CASE("S39: keys that find no room are lost, and the handshake is not") {
  TlsOptions options = trusting();
  options.key_log_file = "/dev/full";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Result<void> done = handshake_with(options, server(version));
    INFO(detail_of(done));
    CHECK(done);
  }
}

}  // namespace
}  // namespace headrace::test
