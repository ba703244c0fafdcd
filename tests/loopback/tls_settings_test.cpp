// TLS settings of single origins, server names apart from addresses, client certificates.

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

ServerTls loopback_server(const Certificates& by = certificates()) {
  return showing(by.issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}}));
}

TlsOptions trusting(const Certificates& authority = certificates()) {
  return {.ca_file = authority.ca_file()};
}

TlsOptions as_client(const std::string& name) {
  const auto files = certificates().issue({.common_name = name, .usage = "clientAuth"});
  TlsOptions options = trusting();
  options.certificate_file = files.chain_file;
  options.key_file = files.key_file;
  return options;
}

// The handshake as the server saw it, once it has answered a GET and closed.
struct Seen {
  std::string client;
  bool resumed;
};

Seen get_once(Engine& engine, ScriptedServer& server, const std::string& host) {
  Future<Response> call = engine.get(server.url_by_name(host, "/"));
  Peer peer = server.accept();
  Seen seen{peer.tls().client_subject(), peer.tls().resumed()};
  peer.read_request();
  peer.send(ok("", "Connection: close\r\n"));
  CHECK(call.get().status == 200);
  peer.expect_closed();
  return seen;
}

std::string refusal(Engine& engine, ScriptedServer& server) {
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept_without_handshake();
  if (!peer.shake_hands()) peer.expect_closed();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::tls_failed);
  return error.detail;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("S39: each origin is judged by its own settings, the others by the engine's") {
  const Certificates others;
  ScriptedServer one(loopback_server());
  ScriptedServer two(loopback_server(others));
  ScriptedServer three(loopback_server(others));
  Options options = on_one_connection();
  options.tls = trusting();
  options.origins = {{.origin = two.url("/"), .tls = trusting(others)}};
  Engine engine(options);
  get_once(engine, one, "127.0.0.1");
  get_once(engine, two, "127.0.0.1");
  CHECK(holds(refusal(engine, three), "unable to get local issuer certificate"));
}

TEST_CASE("S39: an origin's settings stand instead of all of the engine's") {
  ScriptedServer server(loopback_server());
  Options options = on_one_connection();
  options.tls = {.insecure = Insecure::anything};
  options.origins = {{.origin = server.url("/"), .tls = TlsOptions{}}};
  Engine engine(options);
  CHECK(holds(refusal(engine, server), "unable to get local issuer certificate"));
}

TEST_CASE("S39: a server name apart from the address is asked for and verified") {
  ScriptedServer server(showing(certificates().issue({.dns = {"cloud.example"}})));
  Options options = on_one_connection();
  options.tls = trusting();
  SECTION("the right one, of which the request says nothing") {
    options.origins = {{.origin = server.url("/"), .server_name = "Cloud.Example"}};
    Engine engine(options);
    Future<Response> call = engine.submit(get(server, "/"));
    Peer peer = server.accept();
    CHECK(peer.tls().server_name() == "cloud.example");
    CHECK(peer.read_request().field("Host") == "127.0.0.1:" + std::to_string(server.port()));
    peer.send(ok("safe"));
    CHECK(body_of(call) == "safe");
  }
  SECTION("a wrong one") {
    options.origins = {{.origin = server.url("/"), .server_name = "other.example"}};
    Engine engine(options);
    CHECK(holds(refusal(engine, server), "wanted other.example, the certificate has cloud.ex"));
  }
  SECTION("an address that is not the URL's") {
    options.origins = {{.origin = server.url("/"), .server_name = "::1"}};
    Engine engine(options);
    CHECK(holds(refusal(engine, server), "wanted ::1, the certificate has cloud.example"));
  }
  SECTION("none") {
    Engine engine(options);
    CHECK(holds(refusal(engine, server), "wanted 127.0.0.1"));
  }
}

TEST_CASE("S39: neither connections nor sessions cross from one origin's settings to another's") {
  const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  ServerTls tls = loopback_server();
  tls.version_max = version;
  tls.client_ca_file = certificates().ca_file();
  ScriptedServer server(tls);
  Options options = on_one_connection();
  options.origins = {{.origin = server.url_by_name("127.0.0.1", "/"), .tls = as_client("one")},
                     {.origin = server.url_by_name("localhost", "/"), .tls = as_client("two")}};
  Engine engine(options);
  for (const bool resumed : {false, true, true}) {
    const Seen one = get_once(engine, server, "127.0.0.1");
    CHECK(one.client == "/CN=one");
    CHECK(one.resumed == resumed);
    const Seen two = get_once(engine, server, "localhost");
    CHECK(two.client == "/CN=two");
    CHECK(two.resumed == resumed);
  }
}

TEST_CASE("S39: a request fails with the reason when the server does not like our certificate") {
  const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto [mine, reason] = GENERATE(
      table<bool, const char*>({{false, "the server asks for a client certificate"},
                                {true, "the server does not accept the client certificate"}}));
  const Certificates others;
  ServerTls tls = loopback_server();
  tls.version_max = version;
  tls.client_ca_file = others.ca_file();
  ScriptedServer server(tls);
  Options options = on_one_connection();
  options.attempts_max = 1;
  options.tls = mine ? as_client("stranger") : trusting();
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept_without_handshake();
  CHECK(peer.shake_hands());
  const Error error = error_of(call);
  INFO(error.detail);
  CHECK(error.code == ErrorCode::tls_failed);
  CHECK(holds(error.detail, reason));
}

TEST_CASE("S39: what an origin's settings name and cannot be read is refused with the engine") {
  const Result<Engine> engine = Engine::create(
      {.origins = {{.origin = "https://a", .tls = TlsOptions{.ca_file = "/no/ca.pem"}}}});
  REQUIRE_FALSE(engine);
  CHECK(engine.error().code == ErrorCode::tls_failed);
  CHECK(holds(engine.error().detail, "for https://a:443: cannot read the CA file \"/no/ca.pem\""));
}
