// The whole loop with the core, against a scripted server.

#include "engine/io/loop.hpp"

#include <algorithm>

#include "tests/io/loop_harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

std::string answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers each request with its target, for as long as the client wants.
void echo_targets(Peer& peer) {
  for (;;) peer.send(answer(peer.read_request().target));
}

ServerTls server_tls() {
  static const auto files = certificates().issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  return showing(files);
}

TEST_CASE("a GET over http and over https, by address and by name") {
  for (const bool tls : {false, true}) {
    ScriptedServer server(tls ? std::optional(server_tls()) : std::nullopt);
    server.serve(echo_targets);
    LoopHarness loop({.tls = {.ca_file = certificates().ca_file()}});
    for (const char* host : {"127.0.0.1", "localhost"}) {
      const auto response = loop.wait(loop.get(server.url_by_name(host, "/here")));
      INFO((response ? "" : to_string(response.error())));
      REQUIRE(response);
      CHECK(response->status == 200);
      CHECK(response->body == "/here");
    }
  }
}

TEST_CASE("thousands of GETs from several threads come back right over five connections (S26)") {
  for (const bool tls : {false, true}) {
    ScriptedServer server(tls ? std::optional(server_tls()) : std::nullopt);
    server.serve(echo_targets);
    LoopHarness loop(
        {.connections_max = 5, .pipeline_depth = 5, .tls = {.ca_file = certificates().ca_file()}});
    constexpr int threads = 4;
    constexpr int each = 500;
    std::vector<std::thread> submitters;
    std::vector<std::vector<std::uint64_t>> tags(threads);
    for (int t = 0; t < threads; ++t)
      submitters.emplace_back([&, t] {
        for (int i = 0; i < each; ++i)
          tags[static_cast<std::size_t>(t)].push_back(
              loop.get(server.url("/" + std::to_string(t) + "/" + std::to_string(i))));
      });
    for (std::thread& submitter : submitters) submitter.join();
    int right = 0;
    for (int t = 0; t < threads; ++t)
      for (int i = 0; i < each; ++i) {
        const auto response =
            loop.wait(tags[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)]);
        right += response && response->body == "/" + std::to_string(t) + "/" + std::to_string(i);
      }
    CHECK(right == threads * each);
    CHECK(server.accept_count() <= 5);
  }
}

TEST_CASE("large bodies go both ways") {
  const std::string body(std::size_t{16} << 20U, 'b');
  for (const bool tls : {false, true}) {
    ScriptedServer server(tls ? std::optional(server_tls()) : std::nullopt);
    server.serve([](Peer& peer) {
      for (;;) peer.send(answer(peer.read_request().body));
    });
    LoopHarness loop({.tls = {.ca_file = certificates().ca_file()}});
    const auto response =
        loop.wait(loop.submit({.method = "PUT", .url = server.url(), .body = body}));
    REQUIRE(response);
    CHECK(response->body == body);
  }
}

TEST_CASE("a pipeline leaves in one write") {
  ScriptedServer server;
  LoopHarness loop({.connections_max = 1, .pipeline_depth = 8});
  const auto first = loop.get(server.url("/first"));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/first");
  std::vector<std::uint64_t> tags;
  for (int i = 0; i < 8; ++i) tags.push_back(loop.get(server.url("/" + std::to_string(i))));
  loop.settle();
  peer.send(answer("proof"));  // the first answer lets the others go
  CHECK(peer.read_together().size() == 8);
  for (int i = 0; i < 8; ++i) peer.send(answer(std::to_string(i)));
  CHECK(loop.wait(first)->body == "proof");
  for (std::size_t i = 0; i < tags.size(); ++i)
    CHECK(loop.wait(tags[i])->body == std::to_string(i));
}

TEST_CASE("a refused port, a bad name and a bad certificate are errors of that request only") {
  ScriptedServer good;
  good.serve(echo_targets);
  ScriptedServer untrusted(server_tls());
  untrusted.serve(echo_targets);
  const std::string refusing = ScriptedServer().url();
  LoopHarness loop({.connect_attempts = 1, .tls = {.ca_file = Certificates().ca_file()}});
  const auto refused = loop.get(refusing);
  const auto unknown = loop.get("http://no-such-host.invalid/");
  const auto bad = loop.get(untrusted.url());
  const auto fine = loop.get(good.url("/fine"));

  CHECK(loop.wait(fine)->body == "/fine");
  CHECK(loop.wait(refused).error().code == ErrorCode::connect_failed);
  CHECK(loop.wait(refused).error().detail.find("ECONNREFUSED") != std::string::npos);
  CHECK(loop.wait(unknown).error().code == ErrorCode::resolve_failed);
  CHECK(loop.wait(bad).error().code == ErrorCode::tls_failed);
  CHECK(loop.wait(bad).error().detail.find("certificate verify failed") != std::string::npos);
}

TEST_CASE("S14: a POST whose connection is reset fails with the reason and is not sent again") {
  ScriptedServer server;
  LoopHarness loop;
  const auto tag = loop.submit({.method = "POST", .url = server.url(), .body = "x"});
  Peer peer = server.accept();
  peer.read_request();
  peer.reset();
  const auto outcome = loop.wait(tag);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::connection_lost);
  CHECK(outcome.error().progress == Progress::sent);
  CHECK(outcome.error().detail.find("ECONNRESET") != std::string::npos);
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE(
    "S15: a connection that the server closed while idle costs a repeatable request nothing") {
  ScriptedServer server;
  LoopHarness loop({.connections_max = 1});
  const auto first = loop.get(server.url("/1"));
  {
    Peer peer = server.accept();
    peer.read_request();
    peer.send(answer("one"));
    CHECK(loop.wait(first)->body == "one");
    peer.close();
  }
  const auto second = loop.get(server.url("/2"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(answer("two"));
  CHECK(loop.wait(second)->body == "two");
}

TEST_CASE("S38: over TLS a body that the end of the stream delimits needs its close_notify") {
  ScriptedServer server(server_tls());
  LoopHarness loop({.tls = {.ca_file = certificates().ca_file()}});
  for (const bool whole : {true, false}) {
    const auto tag = loop.submit({.method = "POST", .url = server.url()});
    Peer peer = server.accept();
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nbody");
    if (whole)
      peer.close();
    else
      peer.cut();
    const auto response = loop.wait(tag);
    if (whole) {
      REQUIRE(response);
      CHECK(response->body == "body");
    } else {
      REQUIRE_FALSE(response);
      CHECK(response.error().code == ErrorCode::connection_lost);
      CHECK(response.error().detail.find("close_notify") != std::string::npos);
    }
  }
}

TEST_CASE("S19: a deadline ends the wait for a silent server") {
  ScriptedServer server;
  LoopHarness loop;
  const auto tag = loop.get(server.url(), milliseconds(1));
  const auto outcome = loop.wait(tag);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::timed_out);
}

TEST_CASE("a connect limit ends a handshake that goes nowhere") {
  ScriptedServer server;  // accepts TCP, and never answers the client's hello
  LoopHarness loop({.connect_attempts = 1, .connect_timeout = milliseconds(20)});
  const auto outcome =
      loop.wait(loop.get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::connect_timeout);
}

TEST_CASE("S44: shutting down ends everything at any moment, and no descriptor is left") {
  ScriptedServer server;
  ScriptedServer tls_server(server_tls());
  {
    LoopHarness first;
  }  // libuv keeps some descriptors of the process's first loop
  const auto before = open_descriptors();
  {
    LoopHarness loop({.tls = {.ca_file = certificates().ca_file()}});
    const auto waiting = loop.get(server.url());
    const auto shaking = loop.get(tls_server.url());
    const auto resolving = loop.get("http://localhost:1/");
    Peer peer = server.accept();
    peer.read_request();
    Peer handshake = tls_server.accept_without_handshake();
    loop.shut_down();
    loop.join();
    for (const auto tag : {waiting, shaking, resolving}) CHECK_FALSE(loop.wait(tag));
    CHECK(loop.wait(waiting).error().code == ErrorCode::closed);
    peer.expect_closed();
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("S44: a loop that is opened and never run, or never opened, leaves nothing behind") {
  struct NoHost final : io::Host {
    void on_wake(core::Core&, Instant) override {}
    void on_completions(std::span<core::Completion>) override {}
  } host;
  const auto before = open_descriptors();
  {
    const io::Loop never_opened({}, host);
  }
  {
    io::Loop never_run({}, host);
    CHECK(never_run.open());
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("an unreadable CA file is an error of open()") {
  struct NoHost final : io::Host {
    void on_wake(core::Core&, Instant) override {}
    void on_completions(std::span<core::Completion>) override {}
  } host;
  io::Loop loop({.tls = {.ca_file = "/nowhere/ca.pem"}}, host);
  const auto opened = loop.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::tls_failed);
}

TEST_CASE("wake-ups that come before the loop looks count as one") {
  LoopHarness loop;
  std::promise<void> inside;
  std::promise<void> go_on;
  loop.call([&](core::Core&, Instant) {
    inside.set_value();
    go_on.get_future().wait();
  });
  inside.get_future().wait();
  const int before = loop.wakes();
  int ran = 0;
  for (int i = 0; i < 1000; ++i) loop.call([&](core::Core&, Instant) { ++ran; });
  go_on.set_value();
  loop.settle();
  CHECK(ran == 1000);
  CHECK(loop.wakes() - before <= 2);
}

}  // namespace
}  // namespace headrace::test
