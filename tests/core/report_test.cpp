#include "tests/core/one_connection.hpp"

using namespace headrace;

namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

Counters counters(const test::OneConnection& one) {
  return one.core.stats().origins.at(0).counters;
}

}  // namespace

TEST_CASE("a request counts as one on a used connection when another was written there before it") {
  test::OneConnection one({.connections_max = 1});
  one.submit();
  CHECK(counters(one).written == 1);
  CHECK(counters(one).reused == 0);
  one.receive(answer);
  one.submit();
  CHECK(counters(one).written == 2);
  CHECK(counters(one).reused == 1);
  one.receive(answer);
  one.core.on_closed(one.now, one.connection, {});
  for (int i = 0; i < 2; ++i) REQUIRE(one.enqueue());
  one.drain();
  CHECK(counters(one).written == 4);
  CHECK(counters(one).reused == 2);  // the one behind the other
}

TEST_CASE("a request whose connection ends before a byte of it was taken counts as moved") {
  test::OneConnection one({.connections_max = 1});
  one.submit();
  one.receive(answer);
  REQUIRE(one.enqueue());
  const auto write = one.core.next_action();
  REQUIRE(std::holds_alternative<core::Write>(write.value()));
  one.core.on_closed(one.now, one.connection, {});  // the kernel had taken no byte of it
  one.drain();
  CHECK(counters(one).moved_unwritten == 1);
  CHECK(counters(one).resent_lost == 0);
}

TEST_CASE("what a connection took too long for is said") {
  const bool tls = GENERATE(false, true);
  test::OneConnection one({.connect_attempts = 1,
                           .connect_timeout = std::chrono::milliseconds(70),
                           .tls_timeout = std::chrono::milliseconds(50)});
  REQUIRE(one.enqueue({.url = "https://h/"}));
  const auto dial = one.core.next_action();
  if (tls) one.core.on_connected(one.now, std::get<core::Dial>(dial.value()).connection);
  one.now = one.core.next_deadline().value();
  one.core.on_tick(one.now);
  one.drain();
  REQUIRE(one.results.size() == 1);
  REQUIRE_FALSE(*one.results[0]);
  CHECK(one.results[0]->error().detail ==
        (tls ? "no TLS handshake within 50 ms" : "no connection within 70 ms"));
}
