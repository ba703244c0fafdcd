// What the callers of streams take their time for says nothing of the server (S28).

#include <string>

#include "headrace/future.hpp"
#include "tests/core/one_connection.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

std::string learned_from_answer(Duration reading) {
  OneConnection play;
  play.submit({}, true);
  play.now += 5ms;
  play.receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  play.now += reading;
  play.receive("b");
  return play.core.profiles();
}

std::string learned_from_upload(Duration giving) {
  OneConnection play;
  Request request{.method = "POST"};
  request.body_source = BodySource{.next = [] { return Future<std::string>(); }, .length = 1};
  const ExchangeId id = play.submit(std::move(request), false);
  REQUIRE(play.pulled);
  play.now += giving;
  play.core.on_body(play.now, id, std::string("x"));
  play.drain();
  play.now += 5ms;
  play.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  return play.core.profiles();
}

}  // namespace

TEST_CASE("S28: how long a streamed body is read, or given, is not learned as the server's time") {
  CHECK(learned_from_answer(10s) == learned_from_answer(1ms));
  CHECK(learned_from_upload(10s) == learned_from_upload(1ms));
  CHECK_FALSE(learned_from_upload(1ms).empty());
}
