#include "tests/tls/tls_pair.hpp"

namespace headrace::test {
namespace {

// Larger than a record, and no two places alike.
std::string large_text() {
  std::string text;
  for (int i = 0; text.size() < 100'000; ++i) text += std::to_string(i) + ";";
  return text;
}

TEST_CASE("any split of the ciphertext gives the same bytes, over TLS 1.2 and 1.3") {
  const std::string text = large_text();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{16384}, whole}) {
      INFO("version " << version << ", pieces of " << piece);
      const TlsPair pair(version);
      MemoryServer server(pair.server_context.get());
      REQUIRE(shake_hands(*pair.session, server, piece));
      CHECK(SSL_version(server.ssl()) == version);

      REQUIRE(pair.session->write(text));
      server.feed(take_output(*pair.session));
      CHECK(server.received() == text);
      const auto answer = decrypt(*pair.session, server.encrypt(text), piece);
      REQUIRE(answer);
      CHECK(*answer == text);
    }
  }
}

TEST_CASE("S38: close_notify is told from the mere end of bytes") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsPair pair(version);
    MemoryServer server(pair.server_context.get());
    REQUIRE(shake_hands(*pair.session, server));
    CHECK(decrypt(*pair.session, server.encrypt("body")).value() == "body");
    CHECK_FALSE(pair.session->peer_closed());
    std::string ciphertext = server.encrypt("rest");
    ciphertext += server.close_notify();
    CHECK(decrypt(*pair.session, ciphertext).value() == "rest");
    CHECK(pair.session->peer_closed());
  }
}

TEST_CASE("closing says close_notify, once, and only after a handshake") {
  const TlsPair pair;
  pair.session->close();
  CHECK(pair.session->output().empty());

  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  CHECK_FALSE(server.client_closed());
  pair.session->close();
  server.feed(take_output(*pair.session));
  CHECK(server.client_closed());
  pair.session->close();
  CHECK(pair.session->output().empty());
}

using Choose = int (*)(SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned,
                       void*);

Result<void> shake_hands_choosing(Choose choose) {
  const TlsPair pair;
  SSL_CTX_set_alpn_select_cb(pair.server_context.get(), choose, nullptr);
  MemoryServer server(pair.server_context.get());
  return shake_hands(*pair.session, server);
}

TEST_CASE("S39: http/1.1 is offered by ALPN and is the only protocol accepted") {
  const TlsPair pair;
  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(server.ssl(), &chosen, &size);
  CHECK(std::string(reinterpret_cast<const char*>(chosen), size) == "http/1.1");

  CHECK(shake_hands_choosing([](SSL*, const unsigned char**, unsigned char*, const unsigned char*,
                                unsigned, void*) { return SSL_TLSEXT_ERR_NOACK; }));
  const auto outcome =
      shake_hands_choosing([](SSL*, const unsigned char** out, unsigned char* out_size,
                              const unsigned char*, unsigned, void*) {
        *out = reinterpret_cast<const unsigned char*>("h2");
        *out_size = 2;
        return SSL_TLSEXT_ERR_OK;
      });
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::tls_failed);
}

TEST_CASE("S39: a name is sent as SNI, an address is not") {
  const TlsPair by_name;
  MemoryServer server(by_name.server_context.get());
  REQUIRE(shake_hands(*by_name.session, server));
  const char* sent = SSL_get_servername(server.ssl(), TLSEXT_NAMETYPE_host_name);
  REQUIRE(sent != nullptr);
  CHECK(std::string(sent) == "cloud.example");

  const TlsPair by_address(TLS1_3_VERSION, "127.0.0.1");
  MemoryServer other(by_address.server_context.get());
  REQUIRE(shake_hands(*by_address.session, other));
  CHECK(SSL_get_servername(other.ssl(), TLSEXT_NAMETYPE_host_name) == nullptr);
}

TEST_CASE("S39: TLS 1.1 is not spoken") {
  const TlsPair pair;
  SSL_CTX* old_server = pair.server_context.get();
  SSL_CTX_set_min_proto_version(old_server, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old_server, TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(old_server, "DEFAULT:@SECLEVEL=0");
  MemoryServer server(old_server);
  const auto outcome = shake_hands(*pair.session, server);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::tls_failed);
  INFO(outcome.error().detail);
  CHECK(outcome.error().detail.find("protocol version") != std::string::npos);
}

TEST_CASE("a plain http server behind an https URL is called that") {
  const TlsPair pair;
  CHECK_FALSE(pair.session->handshake().value());
  pair.session->feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  const auto outcome = pair.session->handshake();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::tls_failed);
  CHECK(outcome.error().detail.find("not TLS") != std::string::npos);
  CHECK_FALSE(pair.session->handshake());  // and it stays failed
}

TEST_CASE("bytes before a broken record are given before the error") {
  const TlsPair pair;
  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  std::string ciphertext = server.encrypt("answer");
  ciphertext += forged(server.encrypt("more"));
  std::string buffer(1000, '\0');
  pair.session->feed(ciphertext);
  CHECK(pair.session->read(buffer).value() == 6);
  const auto end = pair.session->read(buffer);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ErrorCode::connection_lost);
  CHECK(end.error().system_code != 0);
  CHECK_FALSE(pair.session->output().empty());  // the alert
  CHECK_FALSE(pair.session->peer_closed());
}

TEST_CASE("a key update is answered, and both directions go on") {
  const TlsPair pair;
  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  CHECK(decrypt(*pair.session, server.update_key()).value().empty());
  REQUIRE(pair.session->write("request"));
  server.feed(take_output(*pair.session));
  CHECK(server.received() == "request");
  CHECK(decrypt(*pair.session, server.encrypt("answer")).value() == "answer");
}

TEST_CASE("output is taken from the front, however little at a time") {
  const TlsPair pair;
  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  REQUIRE(pair.session->write("first"));
  REQUIRE(pair.session->write("second"));
  while (!pair.session->output().empty()) {
    server.feed(pair.session->output().substr(0, 1));
    pair.session->take(1);
  }
  CHECK(server.received() == "firstsecond");
}

}  // namespace
}  // namespace headrace::test
