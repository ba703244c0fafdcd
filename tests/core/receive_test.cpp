// Large bodies, read straight to where they stay.

#include <string>
#include <vector>

#include "engine/base/limits.hpp"
#include "tests/core/one_connection.hpp"
#include "tests/support/unread_text.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t least = 16'384;
constexpr std::size_t large = 3 * least;

struct Play : OneConnection {
  using OneConnection::OneConnection;

  void begin_answer(const std::string& fields, const std::string& body) {
    receive("HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body);
  }

  void begin_answer_of(std::size_t bytes) {
    begin_answer("Content-Length: " + std::to_string(bytes) + "\r\n", "<");
  }

  std::optional<std::size_t> read(UnreadText& unread) {
    const auto count = core.receive(now, connection, least, unread);
    drain();
    return count;
  }
};

std::string text_of(std::size_t bytes) {
  std::string text = "<";
  for (std::size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i) + ' ';
  text.resize(bytes);
  return text;
}

}  // namespace

TEST_CASE("a large body is read to where it stays, in whatever pieces it comes") {
  const std::size_t size = GENERATE(as<std::size_t>{}, large, limits::body_reserved_max + large);
  const std::size_t piece = GENERATE(as<std::size_t>{}, 10'000, SIZE_MAX);
  Play play;
  play.submit();
  play.begin_answer_of(size);
  const std::string text = text_of(size).substr(1) + "HTTP/1.1 200 OK\r\n";
  UnreadText unread(text, piece);
  while (const auto count = play.read(unread)) REQUIRE(*count > 0);
  CHECK(unread.most_asked < size);
  play.core.on_received(play.now, play.connection, unread.rest.substr(0, unread.rest.find("HTTP")));
  play.drain();
  REQUIRE(play.results.size() == 1);
  REQUIRE(*play.results.front());
  const std::string& body = (*play.results.front())->body;
  CHECK(body == text_of(size));
  CHECK(body.capacity() - body.size() >= limits::body_padding);
}

TEST_CASE(
    "an answer whose body was read to its end is complete, and the next one is on_received's") {
  Play play;
  play.submit();
  play.begin_answer_of(large);
  const std::string text = text_of(large).substr(1) + "HTTP/1.1 200 OK\r\n";
  UnreadText unread(text);
  CHECK(play.read(unread) == large - 1);
  CHECK(play.results.size() == 1);
  play.submit();
  CHECK(play.read(unread) == std::nullopt);
  CHECK(unread.rest == "HTTP/1.1 200 OK\r\n");
  play.begin_answer("Content-Length: 0\r\n", "");
  CHECK(play.results.size() == 2);
}

TEST_CASE("nothing is read where on_received must take it") {
  Play play;
  const std::string length = "Content-Length: " + std::to_string(large) + "\r\n";
  SECTION("before anything was asked") { CHECK(play.results.empty()); }
  SECTION("before an answer") { play.submit(); }
  SECTION("in the middle of a head") {
    play.submit();
    play.core.on_received(play.now, play.connection, "HTTP/1.1 200 OK\r\n" + length);
  }
  SECTION("in a chunked body") {
    play.submit();
    play.begin_answer("Transfer-Encoding: chunked\r\n", "fffff\r\n");
  }
  SECTION("in a body that ends with the stream") {
    play.submit();
    play.begin_answer("", "<");
  }
  SECTION("in a body that is streamed") {
    play.submit({}, true);
    play.begin_answer(length, "<");
  }
  SECTION("where little is left") {
    play.submit();
    play.begin_answer_of(least);
  }
  SECTION("where nobody waits for it any more") {
    const ExchangeId id = play.submit();
    play.begin_answer(length, "<");
    play.core.cancel(play.now, id);
  }
  UnreadText unread("x");
  CHECK(play.read(unread) == std::nullopt);
  CHECK(unread.asked == 0);
}

TEST_CASE("where nothing has come the answer goes on") {
  Play play;
  play.submit();
  play.begin_answer_of(large);
  UnreadText nothing("");
  CHECK(play.read(nothing) == 0);
  const std::string text = text_of(large).substr(1);
  UnreadText rest(text);
  CHECK(play.read(rest) == large - 1);
  CHECK(play.results.size() == 1);
}

TEST_CASE("S22: a server whose body is read directly is not silent") {
  Play play({.body_timeout = 1s});
  play.submit();
  play.begin_answer_of(large);
  UnreadText unread("xyz", 1);
  play.now += 900ms;
  CHECK(play.read(unread) == 1);
  play.now += 900ms;
  play.core.on_tick(play.now);
  play.drain();
  CHECK(play.results.empty());
  play.now += 200ms;
  play.core.on_tick(play.now);
  play.drain();
  CHECK(play.results.size() == 1);
}
