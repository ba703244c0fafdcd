// One connection against a real socket.

#include "engine/io/connection.hpp"

#include <sys/resource.h>

#include <future>

#include "tests/io/connection_harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A port that nobody listens on: it was free a moment ago.
std::uint16_t refusing_port() { return ScriptedServer().port(); }

// More than the kernel's buffers of both ends take.
const std::string& large_text() {
  static const std::string made = [] {
    std::string text;
    for (int i = 0; text.size() < std::size_t{32} << 20U; ++i)
      text += std::to_string(i) + std::string(1000, static_cast<char>('a' + i % 26));
    return text;
  }();
  return made;
}

TEST_CASE("a refused port is an error that names address and reason") {
  const std::uint16_t port = refusing_port();
  ConnectionHarness harness;
  harness.dial("127.0.0.1", port);
  harness.run_until_dialled();
  REQUIRE_FALSE(*harness.dialled);
  const Error& error = harness.dialled->error();
  CHECK(error.code == ErrorCode::connect_failed);
  CHECK(error.phase == Phase::connect);
  CHECK(error.system_code == UV_ECONNREFUSED);
  CHECK(error.detail == "cannot connect to 127.0.0.1:" + std::to_string(port) +
                            ": connection refused (ECONNREFUSED)");
  CHECK(harness.finish());
}

TEST_CASE("an unknown name is an error that repeats it") {
  ConnectionHarness harness;
  harness.dial("no-such-host.invalid", 80);
  harness.run_until_dialled();
  REQUIRE_FALSE(*harness.dialled);
  CHECK(harness.dialled->error().code == ErrorCode::resolve_failed);
  CHECK(harness.dialled->error().phase == Phase::resolve);
  CHECK(harness.dialled->error().system_code != 0);
  CHECK(contains(harness.dialled->error().detail, "\"no-such-host.invalid\""));
}

TEST_CASE("a name's addresses are tried until one accepts") {
  ScriptedServer server;  // on 127.0.0.1, while localhost may be ::1 first
  ConnectionHarness harness;
  harness.dial("localhost", server.port());
  harness.run_until_dialled();
  CHECK(*harness.dialled);
  CHECK_FALSE(harness.shaking_hands);  // there is no TLS
}

TEST_CASE("bytes go both ways, and the end of the stream is a clean end") {
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  REQUIRE(*harness.dialled);
  Peer peer = server.accept();

  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  harness.connection().write(request);
  CHECK(harness.written == request.size());
  CHECK(peer.read_request().target == "/");
  peer.send("answer");
  harness.run_until([&] { return harness.received == "answer"; });
  peer.close();
  harness.run_until_closed();
  CHECK(*harness.closed);
  CHECK(harness.finish());
}

TEST_CASE("S30: the end of an idle connection is noticed in the same turn") {
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  server.accept().close();
  harness.run_once();
  REQUIRE(harness.closed);
  CHECK(*harness.closed);
}

TEST_CASE("a reset is an error with the system's code") {
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  server.accept().reset();
  harness.run_until_closed();
  REQUIRE_FALSE(*harness.closed);
  CHECK(harness.closed->error().code == ErrorCode::connection_lost);
  CHECK(harness.closed->error().system_code == UV_ECONNRESET);
  CHECK(contains(harness.closed->error().detail, "ECONNRESET"));
}

TEST_CASE("S13: what came before a reset is delivered, also when a write meets the reset first") {
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  Peer peer = server.accept();
  peer.send("the last answer");
  peer.reset();
  harness.connection().write("GET / HTTP/1.1\r\n\r\n");
  CHECK(harness.written == 0);
  harness.run_until_closed();
  CHECK(harness.received == "the last answer");
  REQUIRE_FALSE(*harness.closed);
  CHECK(harness.closed->error().system_code == UV_ECONNRESET);
}

TEST_CASE("a long write goes on as the peer reads, and is reported to the byte") {
  const std::string& text = large_text();
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  Peer peer = server.accept();
  harness.connection().write(text);
  CHECK(harness.written > 0);
  CHECK(harness.written < text.size());

  auto reader = std::async(std::launch::async, [&] {
    std::string got;
    while (got.size() < text.size()) got += peer.socket().receive();
    return got;
  });
  harness.run_until([&] { return harness.written == text.size(); });
  CHECK(reader.get() == text);
}

TEST_CASE("a long write that a reset ends was reported as far as it went") {
  const std::string& text = large_text();
  ScriptedServer server;
  ConnectionHarness harness;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  Peer peer = server.accept();
  harness.connection().write(text);
  const std::size_t accepted = harness.written;
  harness.run_once();
  peer.reset();
  harness.run_until_closed();
  CHECK_FALSE(*harness.closed);
  CHECK(harness.written >= accepted);
  CHECK(harness.written < text.size());
}

TEST_CASE("a connection may be closed at any moment of its life") {
  ScriptedServer server;
  const std::string& text = large_text();
  SECTION("while its name is looked up") {
    ConnectionHarness harness;
    harness.dial("localhost", server.port());
    harness.connection().close();
    CHECK(harness.finish());
    CHECK_FALSE(harness.dialled);
  }
  SECTION("while it connects") {
    ConnectionHarness harness;
    harness.dial("127.0.0.1", server.port());
    harness.connection().close();
    CHECK(harness.finish());
    CHECK_FALSE(harness.dialled);
  }
  SECTION("while it writes") {
    ConnectionHarness harness;
    harness.dial("127.0.0.1", server.port());
    harness.run_until_dialled();
    harness.connection().write(text);
    const std::size_t accepted = harness.written;
    harness.connection().close();
    CHECK(harness.finish());
    CHECK(harness.written == accepted);
    CHECK_FALSE(harness.closed);
  }
}

TEST_CASE("when no descriptor is left, dialling fails and says so") {
  ScriptedServer server;
  ConnectionHarness harness;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  harness.dial("127.0.0.1", server.port());
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(harness.dialled);
  REQUIRE_FALSE(*harness.dialled);
  CHECK(harness.dialled->error().code == ErrorCode::connect_failed);
  CHECK(harness.dialled->error().system_code == UV_EMFILE);
  CHECK(harness.finish());
}

}  // namespace
}  // namespace headrace::test
