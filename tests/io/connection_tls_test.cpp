// One TLS connection against a real socket.

#include <future>

#include "tests/io/connection_harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {
namespace {

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

ServerTls server_tls() {
  static const auto files = certificates().issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  return showing(files);
}

TlsOptions trusting() { return {.ca_file = certificates().ca_file()}; }

// A server, and a connection to it whose handshake is done on both sides.
struct Connected {
  Connected() {
    // Accepted on a thread of its own: a handshake needs both sides at once.
    auto accepted = std::async(std::launch::async, [this] { return server.accept(); });
    harness.dial("127.0.0.1", server.port());
    harness.run_until_dialled();
    REQUIRE(*harness.dialled);
    peer.emplace(accepted.get());
  }

  ScriptedServer server{server_tls()};
  ConnectionHarness harness{trusting()};
  std::optional<Peer> peer;
};

// A request larger than the kernel's buffers of both ends.
std::string large_request() {
  const std::size_t size = std::size_t{32} << 20U;
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         std::string(size, 'b');
}

TEST_CASE("over TLS bytes go both ways, and close_notify is a clean end (S38)") {
  Connected both;
  const std::string request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  both.harness.connection().write(request);
  CHECK(both.harness.written == request.size());
  CHECK(both.peer->read_request().target == "/a");
  both.peer->send("answer");
  both.peer->close();
  both.harness.run_until_closed();
  CHECK(both.harness.received == "answer");
  CHECK(*both.harness.closed);
  CHECK(both.harness.finish());
}

TEST_CASE("S38: a TLS stream that ends without close_notify is an error") {
  Connected both;
  both.peer->send("answer");
  both.peer->cut();
  both.harness.run_until_closed();
  CHECK(both.harness.received == "answer");
  REQUIRE_FALSE(*both.harness.closed);
  CHECK(both.harness.closed->error().code == ErrorCode::connection_lost);
  CHECK(both.harness.closed->error().detail == "the TLS stream was cut without close_notify");
}

TEST_CASE("S36: a connection that waits to give back memory is reported once, whatever comes") {
  Connected both;
  const auto hear = [&](const std::string& bytes) {
    both.peer->send(bytes);
    const std::size_t all = both.harness.received.size() + bytes.size();
    both.harness.run_until([&] { return both.harness.received.size() == all; });
  };
  hear("one");
  const int drained = both.harness.drained;
  both.harness.connection().write("GET / HTTP/1.1\r\n\r\n");
  hear("another");
  CHECK(both.harness.drained == drained);
  both.harness.connection().rest();
  hear("a third");
  CHECK(both.harness.drained == drained + 1);
}

TEST_CASE("closing tells the peer by close_notify") {
  Connected both;
  both.harness.connection().close();
  std::string how;
  try {
    both.peer->read_request();
  } catch (const PeerGone& gone) {
    how = gone.what();  // it says otherwise where close_notify is missing
  }
  CHECK(how == "the client closed the connection after: ");
}

TEST_CASE("a long write over TLS goes on as the peer reads, and is reported to the byte") {
  const std::string request = large_request();
  Connected both;
  both.harness.connection().write(request);
  CHECK(both.harness.written < request.size());
  auto reader = std::async(std::launch::async, [&] {
    ReceivedRequest got = both.peer->read_request();
    both.peer->send("answer");
    return got;
  });
  both.harness.run_until([&] { return both.harness.received == "answer"; });
  CHECK(both.harness.written == request.size());
  CHECK(reader.get().body == std::string(std::size_t{32} << 20U, 'b'));
}

TEST_CASE("a flight of which a byte was taken counts as sent when the connection breaks") {
  const std::string request = large_request();
  Connected both;
  both.harness.connection().write(request);
  const std::size_t accepted = both.harness.written;
  both.peer->reset();
  both.harness.run_until_closed();
  CHECK_FALSE(*both.harness.closed);
  CHECK(both.harness.written > accepted);
  CHECK(both.harness.written < request.size());
}

TEST_CASE("S13: what came before a reset is delivered over TLS too") {
  Connected both;
  both.peer->send("the last answer");
  both.peer->reset();
  both.harness.connection().write("GET / HTTP/1.1\r\n\r\n");
  both.harness.run_until_closed();
  CHECK(both.harness.received == "the last answer");
  CHECK_FALSE(*both.harness.closed);
  CHECK(both.harness.written == 0);
}

TEST_CASE("S39: an untrusted server is refused and told so, and no byte of a request is sent") {
  ScriptedServer server(server_tls());
  ConnectionHarness harness(TlsOptions{.ca_file = Certificates().ca_file()});
  auto refused = std::async(std::launch::async, [&] {
    Peer peer = server.accept_without_handshake();
    return peer.shake_hands();
  });
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  REQUIRE_FALSE(*harness.dialled);
  CHECK(harness.dialled->error().code == ErrorCode::tls_failed);
  CHECK(harness.dialled->error().phase == Phase::tls);
  const auto reason = refused.get();
  REQUIRE(reason);
  CHECK(reason->find("unknown ca") != std::string::npos);
}

TEST_CASE("a server that goes away during the handshake is worth another dial") {
  ScriptedServer server(server_tls());
  for (const bool reset : {false, true}) {
    ConnectionHarness harness(trusting());
    harness.dial("127.0.0.1", server.port());
    Peer peer = server.accept_without_handshake();
    harness.run_once();
    peer.socket().receive();
    if (reset)
      peer.reset();
    else
      peer.cut();
    harness.run_until_dialled();
    REQUIRE_FALSE(*harness.dialled);
    CHECK(harness.dialled->error().code == ErrorCode::connect_failed);
    CHECK(harness.dialled->error().phase == Phase::tls);
    CHECK(harness.dialled->error().detail.find("during the TLS handshake") != std::string::npos);
    CHECK(harness.finish());
  }
}

TEST_CASE("a connection may be closed in the middle of its handshake") {
  ScriptedServer server(server_tls());
  ConnectionHarness harness(trusting());
  harness.dial("127.0.0.1", server.port());
  Peer peer = server.accept_without_handshake();
  CHECK_FALSE(harness.shaking_hands);
  harness.run_once();
  CHECK(harness.shaking_hands);
  harness.connection().close();
  CHECK(harness.finish());
  CHECK_FALSE(harness.dialled);
}

TEST_CASE("S39: the second connection to a server resumes the first one's session") {
  ScriptedServer server(server_tls());
  ConnectionHarness harness(trusting());
  for (const bool resumed : {false, true, true}) {
    auto accepted = std::async(std::launch::async, [&] {
      Peer peer = server.accept();
      peer.send("answer");
      return peer;
    });
    harness.received.clear();
    harness.dial("127.0.0.1", server.port());
    harness.run_until([&] { return harness.received == "answer"; });
    CHECK(accepted.get().tls().resumed() == resumed);
    harness.connection().close();
  }
}

}  // namespace
}  // namespace headrace::test
