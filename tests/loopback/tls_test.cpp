// TLS from both ends: who is believed, what a cut means, and what is resumed.

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

ServerTls right_tls() {
  return showing(certificates().issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}}));
}

Options trusting(unsigned depth = 5) {
  Options options = on_one_connection(depth);
  options.tls.ca_file = certificates().ca_file();
  return options;
}

// What becomes of a GET to a server with this certificate; the server must not see a byte of it.
Error refused(const ServerTls& tls, const Options& options) {
  ScriptedServer server(tls);
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/secret"));
  Peer peer = server.accept_without_handshake();
  // Over TLS 1.3 the server's handshake may be over before the client has judged its certificate.
  if (!peer.shake_hands()) peer.expect_closed();
  return error_of(call);
}

}  // namespace

TEST_CASE("S39: a right certificate is accepted by name and by address, with ALPN and SNI") {
  const auto [host, server_name] =
      GENERATE(table<const char*, const char*>({{"localhost", "localhost"}, {"127.0.0.1", ""}}));
  const auto [version, version_name] =
      GENERATE(table<int, const char*>({{TLS1_2_VERSION, "TLSv1.2"}, {TLS1_3_VERSION, "TLSv1.3"}}));
  ServerTls tls = right_tls();
  tls.version_max = version;
  ScriptedServer server(tls);
  Engine engine(trusting());
  Future<Response> call = engine.get(server.url_by_name(host, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("safe"));
  CHECK(body_of(call) == "safe");
  CHECK(peer.tls().protocol() == "http/1.1");
  CHECK(peer.tls().server_name() == server_name);
  CHECK(peer.tls().version() == version_name);
}

TEST_CASE("S39: a wrong name is refused before a byte of the request is sent") {
  const auto [leaf] =
      GENERATE(table<Certificates::Leaf>({{{.dns = {"localhost"}, .ips = {"127.0.0.2"}}},
                                          {{.common_name = "127.0.0.1"}},
                                          {{.common_name = "127.0.0.1", .dns = {"127.0.0.1"}}}}));
  const Error error = refused(showing(certificates().issue(leaf)), trusting());
  CHECK(error.code == ErrorCode::tls_failed);
  CHECK(error.phase == Phase::tls);
  CHECK(error.progress == Progress::queued);
  CHECK(error.safe_to_repeat);
  CHECK_FALSE(error.detail.empty());
}

TEST_CASE("S39: an unknown authority is refused") {
  const Certificates others;
  const auto files = others.issue({.ips = {"127.0.0.1"}});
  CHECK(refused(showing(files), trusting()).code == ErrorCode::tls_failed);
  CHECK(refused(showing(files), on_one_connection()).code == ErrorCode::tls_failed);
}

TEST_CASE("S39: a certificate that signed itself and one that expired are refused") {
  const auto self_signed = certificates().self_signed({.ips = {"127.0.0.1"}});
  CHECK(refused(showing(self_signed), trusting()).code == ErrorCode::tls_failed);
  const auto expired = certificates().issue({.ips = {"127.0.0.1"}, .expired = true});
  CHECK(refused(showing(expired), trusting()).code == ErrorCode::tls_failed);
}

TEST_CASE("S39: TLS 1.1 is refused") {
  ServerTls tls = right_tls();
  tls.version_max = TLS1_1_VERSION;
  CHECK(refused(tls, trusting()).code == ErrorCode::tls_failed);
}

TEST_CASE("S39: insecure is explicit, and then verifies nothing") {
  ScriptedServer server(showing(certificates().self_signed({})));
  Options options = on_one_connection();
  options.tls.insecure = Insecure::anything;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("taken on trust"));
  CHECK(body_of(call) == "taken on trust");
}

TEST_CASE("S39: a CA file that cannot be read is refused when the engine is made") {
  Options options = on_one_connection();
  options.tls.ca_file = certificates().directory() + "/none.pem";
  const Result<Engine> engine = Engine::create(options);
  REQUIRE_FALSE(engine);
  CHECK(engine.error().code == ErrorCode::tls_failed);
}

TEST_CASE("S39: garbage or plain text instead of a handshake is a TLS error") {
  const auto [bytes] = GENERATE(table<const char*>(
      {{"HTTP/1.1 400 Bad Request\r\n\r\n"}, {"\x16\x03\x01\xff\xff garbage of all kinds"}}));
  ScriptedServer server(right_tls());
  Engine engine(trusting());
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept_without_handshake();
  peer.socket().receive();
  peer.socket().send(bytes);
  peer.socket().shut_down_write();
  CHECK(code_of(call) == ErrorCode::tls_failed);
}

TEST_CASE("S39: a second connection resumes the first one's session") {
  const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  ServerTls tls = right_tls();
  tls.version_max = version;
  ScriptedServer server(tls);
  Engine engine(trusting());
  for (const bool resumed : {false, true, true}) {
    Future<Response> call = engine.submit(get(server, "/"));
    Peer peer = server.accept();
    CHECK(peer.tls().resumed() == resumed);
    peer.read_request();
    peer.send(ok("", "Connection: close\r\n"));
    CHECK(call.get().status == 200);
    peer.expect_closed();
  }
}

TEST_CASE("S39: a session is resumed after the server closed without close_notify") {
  ScriptedServer server(right_tls());
  Engine engine(trusting());
  Peer first = accept_proven(engine, server);
  first.cut();
  let_settle(engine);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer second = server.accept();
  CHECK(second.tls().resumed());
  second.read_request();
  second.send(ok("right"));
  CHECK(body_of(call) == "right");
}

TEST_CASE("S9: over TLS too, the followers leave in one write") {
  ScriptedServer server(right_tls());
  Engine engine(trusting());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  CHECK(peer.read_together().size() == 5);
  peer.send(ok("1") + ok("2") + ok("3") + ok("4") + ok("5"));
  CHECK(body_of(calls[4]) == "5");
}

TEST_CASE("S38: a body delimited by the close is complete only with a close_notify") {
  ScriptedServer server(right_tls());
  Options options = trusting();
  options.attempts_max = 1;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\n\r\nas far as it came");
  SECTION("with it") {
    peer.close();
    CHECK(body_of(call) == "as far as it came");
  }
  SECTION("without it") {
    peer.cut();
    const Error error = error_of(call);
    CHECK(error.code == ErrorCode::connection_lost);
    CHECK(error.progress == Progress::responding);
  }
}

TEST_CASE("S38: a self-framed answer is complete without a close_notify") {
  ScriptedServer server(right_tls());
  Engine engine(trusting());
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("whole"));
  peer.cut();
  CHECK(body_of(call) == "whole");
}

TEST_CASE("S38: the end of a stream inside a framed body is a loss, over TLS and plain") {
  const bool encrypted = GENERATE(false, true);
  ScriptedServer server(encrypted ? std::optional(right_tls()) : std::nullopt);
  Options options = trusting();
  options.attempts_max = 1;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  peer.close();
  CHECK(code_of(call) == ErrorCode::connection_lost);
}

TEST_CASE("S3: stray bytes on an idle TLS connection close it") {
  ScriptedServer server(right_tls());
  Engine engine(trusting());
  Peer peer = accept_proven(engine, server);
  peer.send(ok("an answer that nobody asked for"));
  CHECK_NOTHROW(peer.expect_closed());
}
