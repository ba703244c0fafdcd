// The engine behind proxies, each played by the test.

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

ServerTls showing(const std::string& name) {
  const auto files = certificates().issue({.dns = {name}, .ips = {"127.0.0.1"}});
  return showing(files);
}

std::string at(const char* scheme, const ScriptedServer& server) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port());
}

// One connection, everything by that proxy.
Options by(const Proxy& proxy) {
  Options options = on_one_connection();
  options.tls.ca_file = certificates().ca_file();
  options.http_proxy = options.https_proxy = proxy;
  return options;
}

Proxy known_at(const std::string& url) { return {.url = url, .user = "me", .password = "secret"}; }

// What the client says before TLS: up to the empty line, or so many bytes.
std::string hear_head(Peer& peer) {
  std::string all;
  while (!all.contains("\r\n\r\n")) {
    const std::string more = peer.socket().receive();
    REQUIRE_FALSE(more.empty());
    all += more;
  }
  return all;
}

std::string hear(Peer& peer, std::size_t size) {
  std::string all;
  while (all.size() < size) all += peer.socket().receive();
  return all;
}

// Opens the tunnel that the client asks for.
Peer accept_tunnel(ScriptedServer& server, std::string_view answer) {
  Peer peer = server.accept_without_handshake();
  hear_head(peer);
  peer.socket().send(answer);
  return peer;
}

constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";

bool tells_secret(const Error& error) {
  const std::string text = to_string(error);
  return text.contains("secret") || text.contains("bWU6");
}

}  // namespace

TEST_CASE("S39: an http proxy gets plain requests in absolute-form, pipelined, with credentials") {
  ScriptedServer proxy;
  Engine engine(by(known_at(at("http", proxy))));
  Future<Response> first = engine.get("http://cloud.example/1");
  Peer peer = proxy.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.target == "http://cloud.example/1");
  CHECK(request.field("Host") == "cloud.example");
  CHECK(request.field("Proxy-Authorization") == "Basic bWU6c2VjcmV0");
  peer.send(ok("one"));
  CHECK(body_of(first) == "one");
  auto calls =
      engine.submit_all({{.url = "http://cloud.example/2"}, {.url = "http://cloud.example/3"}});
  CHECK(targets(peer.read_together()) ==
        Targets{"http://cloud.example/2", "http://cloud.example/3"});
  peer.send(ok("two") + ok("three"));
  CHECK(body_of(calls[0]) == "two");
  CHECK(body_of(calls[1]) == "three");

  SECTION("another origin has a connection of its own") {
    Future<Response> other = engine.get("http://other.example/");
    Peer its = proxy.accept();
    CHECK(its.read_request().target == "http://other.example/");
    its.send(ok());
    CHECK(other.get().status == 200);
  }
  SECTION("its 407 is a response like any other") {
    Future<Response> refused = engine.get("http://cloud.example/4");
    peer.read_request();
    peer.send(
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 3\r\n\r\nno!");
    const Response response = refused.get();
    CHECK(response.status == 407);
    CHECK(response.body == "no!");
  }
}

TEST_CASE("an https origin is reached by CONNECT; the origin is told nothing of it") {
  ScriptedServer server(showing("cloud.example"));
  Engine engine(by(known_at(at("http", server))));
  Future<Response> call = engine.get("https://cloud.example/a");
  Peer peer = server.accept_without_handshake();
  const std::string head = hear_head(peer);
  CHECK(head.starts_with("CONNECT cloud.example:443 HTTP/1.1\r\nHost: cloud.example:443\r\n"));
  CHECK(head.contains("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
  CHECK(head.ends_with("\r\n\r\n"));
  peer.socket().send("HTTP/1.1 200 ");
  peer.socket().send("OK\r\nContent-Length: 7\r\n\r\n");
  CHECK_FALSE(peer.shake_hands());
  const ReceivedRequest request = peer.read_request();
  CHECK(request.target == "/a");
  CHECK(request.field("Host") == "cloud.example");
  CHECK_FALSE(request.field("Proxy-Authorization"));
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}

TEST_CASE("in a tunnel the origin's certificate is verified, not the proxy's name") {
  ScriptedServer server(showing("other.example"));
  Engine engine(by({.url = at("http", server)}));
  Future<Response> call = engine.get("https://cloud.example/");
  Peer peer = accept_tunnel(server, established);
  peer.shake_hands();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::tls_failed);
  CHECK(error.detail.contains("cloud.example"));
}

TEST_CASE("what a proxy sends behind its 200 is the origin's: here, no TLS") {
  ScriptedServer server;
  Engine engine(by({.url = at("http", server)}));
  Future<Response> call = engine.get("https://cloud.example/");
  Peer peer = accept_tunnel(server, std::string(established) + "HTTP/1.1 200 OK\r\n\r\n");
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::tls_failed);
  CHECK(error.detail.contains("is not TLS"));
}

TEST_CASE("a proxy that refuses is asked once, and the error says its status but no secret") {
  ScriptedServer server;
  Engine engine(by(known_at(at("http", server))));
  Future<Response> call = engine.get("https://cloud.example/");
  Peer peer = accept_tunnel(server, "HTTP/1.1 407 No\r\nContent-Length: 5\r\n\r\nsorry");
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::proxy_failed);
  CHECK(error.phase == Phase::connect);
  CHECK(error.progress == Progress::queued);
  CHECK(error.safe_to_repeat);
  CHECK(error.origin == "https://cloud.example:443");
  CHECK(error.detail == "the proxy " + at("http", server) +
                            " answered CONNECT with 407 \"No\": it does not accept the user and "
                            "password");
  CHECK_FALSE(tells_secret(error));
  CHECK(server.accept_count() == 1);
  peer.expect_closed();
}

TEST_CASE("a proxy that cannot reach the origin is asked again") {
  ScriptedServer server(showing("cloud.example"));
  Engine engine(by({.url = at("http", server)}));
  Future<Response> call = engine.get("https://cloud.example/");
  accept_tunnel(server, "HTTP/1.1 503 Busy\r\n\r\n");
  Peer peer = accept_tunnel(server, established);
  CHECK_FALSE(peer.shake_hands());
  peer.read_request();
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}

TEST_CASE("a proxy that ends the connection, or is not there, is an error that names it") {
  ScriptedServer server;
  Options options = by(known_at(at("http", server)));
  options.connect_attempts = 1;
  Error error;
  SECTION("ended") {
    Engine engine(options);
    Future<Response> call = engine.get("https://cloud.example/");
    accept_tunnel(server, "HTTP/1.1 200 OK\r\n").close();
    error = error_of(call);
    CHECK(error.detail.contains("closed the connection before the way to the origin was open"));
  }
  SECTION("absent") {
    options.https_proxy.url = at("http", ScriptedServer());
    Engine engine(options);
    Future<Response> call = engine.get("https://cloud.example/");
    error = error_of(call);
    CHECK(error.detail.contains("connection refused"));
  }
  CHECK(error.code == ErrorCode::connect_failed);
  CHECK(error.detail.starts_with("the proxy http://127.0.0.1:"));
  CHECK_FALSE(tells_secret(error));
}

TEST_CASE("connect_timeout limits a proxy that does not answer, or says too much") {
  ScriptedServer server;
  Options options = by({.url = at(GENERATE("http", "socks5h", "https"), server)});
  options.connect_timeout = 30ms;
  options.connect_attempts = 1;
  Engine engine(options);
  Future<Response> call = engine.get("https://cloud.example/");
  Peer peer = server.accept_without_handshake();
  CHECK(code_of(call) == ErrorCode::connect_timeout);
}

TEST_CASE("an https proxy: TLS with it, under settings of its own") {
  ScriptedServer server(showing("proxy.example"));
  Proxy proxy = known_at("https://proxy.example:" + std::to_string(server.port()));
  Options options = by(proxy);
  options.host_addresses = {{"proxy.example", 0, {"127.0.0.1"}}};
  SECTION("whose authority it must have; the engine's is not for proxies") {
    Engine engine(options);
    Future<Response> call = engine.get("http://cloud.example/");
    Peer peer = server.accept_without_handshake();
    peer.shake_hands();
    const Error error = error_of(call);
    CHECK(error.code == ErrorCode::tls_failed);
    CHECK(error.detail.starts_with("the proxy https://proxy.example:"));
    CHECK_FALSE(tells_secret(error));
  }
  options.http_proxy.tls.ca_file = options.https_proxy.tls.ca_file = certificates().ca_file();
  SECTION("plain requests in absolute-form, more than buffers hold, both ways") {
    Engine engine(options);
    const std::string body(4'000'000, 'x');
    Future<Response> call =
        engine.submit({.method = "POST", .url = "http://cloud.example/a", .body = body});
    Peer peer = server.accept();
    const ReceivedRequest request = peer.read_request();
    CHECK(request.target == "http://cloud.example/a");
    CHECK(request.field("Proxy-Authorization") == "Basic bWU6c2VjcmV0");
    CHECK(request.body == body);
    peer.send(ok(body));
    CHECK(body_of(call) == body);
  }
  SECTION("CONNECT inside of it") {
    Engine engine(options);
    Future<Response> call = engine.get("https://cloud.example/");
    Peer peer = server.accept();
    CHECK(peer.read_request().head.starts_with("CONNECT cloud.example:443 HTTP/1.1\r\n"));
    peer.send("HTTP/1.1 403 Forbidden\r\n\r\n");
    CHECK(error_of(call).detail.ends_with("answered CONNECT with 403 \"Forbidden\""));
    peer.expect_closed();
  }
  SECTION("cut without close_notify, a body that ends with the stream is not whole") {
    Engine engine(options);
    Future<Response> call = engine.submit({.method = "POST", .url = "http://cloud.example/"});
    Peer peer = server.accept();
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nsome");
    peer.cut();
    CHECK(code_of(call) == ErrorCode::connection_lost);
  }
  SECTION("ended with close_notify it is") {
    Engine engine(options);
    Future<Response> call = engine.submit({.method = "POST", .url = "http://cloud.example/"});
    Peer peer = server.accept();
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nsome");
    peer.close();
    CHECK(body_of(call) == "some");
  }
}

TEST_CASE("a SOCKS proxy, with and without credentials, names resolved there or here") {
  const bool remote = GENERATE(true, false);
  const bool known = GENERATE(true, false);
  ScriptedServer server;
  Options options = by({.url = at(remote ? "socks5h" : "socks5", server)});
  if (known) {
    options.http_proxy.user = "me";
    options.http_proxy.password = "secret";
  }
  if (!remote) options.host_addresses = {{"cloud.example", 0, {"10.1.2.3", "10.1.2.4"}}};
  Engine engine(options);
  Future<Response> call = engine.get("http://cloud.example/a");
  Peer peer = server.accept();
  if (known) {
    CHECK(hear(peer, 4) == "\x05\x02\x00\x02"s);
    peer.socket().send("\x05\x02"s);
    CHECK(hear(peer, 11) == "\x01\x02me\x06secret"s);
    peer.socket().send("\x01\x00"s);
  } else {
    CHECK(hear(peer, 3) == "\x05\x01\x00"s);
    peer.socket().send("\x05\x00"s);
  }
  const std::string where = remote ? "\x05\x01\x00\x03\x0d"
                                     "cloud.example"
                                     "\x00\x50"s
                                   : "\x05\x01\x00\x01\x0a\x01\x02\x03\x00\x50"s;
  CHECK(hear(peer, where.size()) == where);
  peer.socket().send("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s);
  const ReceivedRequest request = peer.read_request();
  CHECK(request.target == "/a");
  CHECK_FALSE(request.field("Proxy-Authorization"));
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}

TEST_CASE("an answer that comes with a SOCKS proxy's last word answers nobody") {
  ScriptedServer server;
  Engine engine(by({.url = at("socks5h", server)}));
  Future<Response> call = engine.get("http://cloud.example/");
  Peer early = server.accept();
  hear(early, 3);
  early.socket().send("\x05\x00"s);
  hear(early, 20);
  early.socket().send("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s + ok("not asked for"));
  Peer peer = server.accept();
  hear(peer, 3);
  peer.socket().send("\x05\x00"s);
  hear(peer, 20);
  peer.socket().send("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s);
  peer.read_request();
  peer.send(ok("asked for"));
  CHECK(body_of(call) == "asked for");
}

TEST_CASE("hosts of no_proxy, and origins with a say of their own, are reached straight") {
  ScriptedServer server;
  Options options = by({.url = at("http", ScriptedServer())});
  if (GENERATE(true, false))
    options.no_proxy = "10.0.0.0/8, 127.0.0.0/8";
  else
    options.origins = {{.origin = server.url(""), .proxy = Proxy{}}};
  Engine engine(options);
  Future<Response> call = engine.get(server.url("/a"));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/a");
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
}
