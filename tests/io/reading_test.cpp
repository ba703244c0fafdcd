// A connection that is told to read no further for now.

#include <future>
#include <optional>
#include <string>

#include "tests/io/connection_harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {
namespace {

// More than the kernel's buffers of both ends take.
constexpr std::size_t large = std::size_t{32} << 20U;

// Both ends of a connection, with TLS or without.
struct Connected {
  explicit Connected(bool encrypted)
      : server(server_tls(encrypted)), harness(client_tls(encrypted)) {
    auto accepted = std::async(std::launch::async, [this] { return server.accept(); });
    harness.dial("127.0.0.1", server.port());
    harness.run_until_dialled();
    REQUIRE(*harness.dialled);
    peer.emplace(accepted.get());
  }

  std::optional<ServerTls> server_tls(bool encrypted) const {
    if (!encrypted) return std::nullopt;
    return showing(certificates.issue({.ips = {"127.0.0.1"}}));
  }

  std::optional<TlsOptions> client_tls(bool encrypted) const {
    if (!encrypted) return std::nullopt;
    return TlsOptions{.ca_file = certificates.ca_file()};
  }

  const Certificates certificates;
  ScriptedServer server;
  ConnectionHarness harness;
  std::optional<Peer> peer;
};

TEST_CASE("a connection that is full is read no further, the peer waits, and nothing is lost") {
  Connected both(GENERATE(false, true));
  ConnectionHarness& harness = both.harness;

  Peer& peer = *both.peer;
  harness.full_at = 100'000;
  auto sent = std::async(std::launch::async, [&] {
    peer.send(std::string(large, 'x'));
    peer.close();
  });
  harness.run_until([&] { return harness.received.size() >= harness.full_at; });
  const std::size_t received = harness.received.size();
  CHECK(received < harness.full_at + (std::size_t{128} << 10U));
  for (int i = 0; i < 10; ++i) harness.run_once();
  CHECK(harness.received.size() == received);
  CHECK_FALSE(harness.closed);

  harness.full_at = SIZE_MAX;
  harness.connection().read_on();
  harness.run_until_closed();
  sent.get();
  CHECK(harness.received == std::string(large, 'x'));
  CHECK(*harness.closed);
  CHECK(harness.finish());
}

TEST_CASE("what is read directly is whole and in its order, and its end is the stream's") {
  Connected both(GENERATE(false, true));
  ConnectionHarness& harness = both.harness;

  std::string text;
  while (text.size() < large) text += std::to_string(text.size()) + ' ';
  Peer& peer = *both.peer;
  harness.reads_directly = true;
  auto sent = std::async(std::launch::async, [&] {
    peer.send(text);
    peer.close();
  });
  harness.run_until_closed();
  sent.get();
  CHECK(harness.received == text);
  CHECK(harness.received_directly > large / 16);
  CHECK(*harness.closed);
  CHECK(harness.finish());
}

TEST_CASE("an end that is met when reading directly is reported as any other") {
  constexpr std::size_t buffer = 1000;
  const bool reset = GENERATE(false, true);
  ScriptedServer server;
  ConnectionHarness harness;
  harness.read_by(buffer);
  harness.reads_directly = true;
  harness.dial("127.0.0.1", server.port());
  harness.run_until_dialled();
  REQUIRE(*harness.dialled);
  Peer peer = server.accept();
  peer.send(std::string(buffer, 'x'));
  reset ? peer.reset() : peer.close();
  harness.run_until_closed();
  CHECK(harness.received == std::string(buffer, 'x'));
  CHECK(harness.directly_asked == 1);
  CHECK(harness.closed->has_value() == !reset);
  if (reset) CHECK(harness.closed->error().system_code == UV_ECONNRESET);
  CHECK(harness.finish());
}

}  // namespace
}  // namespace headrace::test
