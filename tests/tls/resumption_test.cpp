// S39: sessions are resumed, by their own origin, within their own context.

#include "tests/tls/tls_pair.hpp"

namespace headrace::test {
namespace {

TEST_CASE("S39: the next connection to an origin resumes the session of an earlier one") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    INFO("version " << version);
    TlsPair pair(version);
    {
      MemoryServer server(pair.server_context.get());
      REQUIRE(shake_hands(*pair.session, server, 1));
      CHECK_FALSE(pair.session->resumed());
      pair.session.reset();
    }
    for (int i = 0; i < 5; ++i) {
      const auto again = pair.connect();
      MemoryServer server(pair.server_context.get());
      REQUIRE(shake_hands(*again, server));
      CHECK(again->resumed());
      CHECK(server.resumed());
      CHECK(decrypt(*again, server.encrypt("answer")).value() == "answer");
      again->close();
    }
  }
}

TEST_CASE("S39: a session is not resumed for another origin, nor by another context") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPair pair(version);
    MemoryServer server(pair.server_context.get());
    REQUIRE(shake_hands(*pair.session, server));
    pair.session.reset();

    const auto other_port = pair.connect("cloud.example", "8443");
    MemoryServer second(pair.server_context.get());
    REQUIRE(shake_hands(*other_port, second));
    CHECK_FALSE(other_port->resumed());

    MemoryServer third(pair.server_context.get());
    auto trusted = tls::Context::create({.insecure = Insecure::anything});
    REQUIRE(trusted);
    auto session =
        (*trusted)->connect({.origin = "https://cloud.example:443", .host = "cloud.example"});
    REQUIRE(session);
    REQUIRE(shake_hands(**session, third));
    CHECK_FALSE((*session)->resumed());
  }
}

TEST_CASE("S39: a ticket of TLS 1.3 is used once") {
  TlsPair pair;
  SSL_CTX_set_num_tickets(pair.server_context.get(), 1);
  {
    MemoryServer server(pair.server_context.get());
    REQUIRE(shake_hands(*pair.session, server));
    pair.session.reset();
  }
  const auto first = pair.connect();
  const auto second = pair.connect();
  MemoryServer one(pair.server_context.get());
  MemoryServer two(pair.server_context.get());
  REQUIRE(shake_hands(*first, one));
  REQUIRE(shake_hands(*second, two));
  CHECK(first->resumed());
  CHECK_FALSE(second->resumed());
}

TEST_CASE("S39: a ticket that the server no longer takes costs a full handshake, nothing else") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPair pair(version);
    MemoryServer server(pair.server_context.get());
    REQUIRE(shake_hands(*pair.session, server));
    pair.session.reset();

    const auto again = pair.connect();
    TlsPair restarted(version);  // the same certificate, other ticket keys
    MemoryServer second(restarted.server_context.get());
    REQUIRE(shake_hands(*again, second));
    CHECK_FALSE(again->resumed());
    CHECK(decrypt(*again, second.encrypt("answer")).value() == "answer");
  }
}

TEST_CASE("S39: the session of a connection that broke is not resumed") {
  TlsPair pair(TLS1_2_VERSION);
  MemoryServer server(pair.server_context.get());
  REQUIRE(shake_hands(*pair.session, server));
  REQUIRE_FALSE(decrypt(*pair.session, forged(server.encrypt("answer"))));
  pair.session.reset();

  const auto again = pair.connect();
  MemoryServer second(pair.server_context.get());
  REQUIRE(shake_hands(*again, second));
  CHECK_FALSE(again->resumed());
}

}  // namespace
}  // namespace headrace::test
