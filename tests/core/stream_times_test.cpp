// What the callers of streams take their time for says nothing of the server (S28).

#include <string>
#include <variant>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/future.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace std::chrono_literals;

namespace {

// One connection to one origin, whose kernel takes everything at once.
struct Play {
  core::Core core{Options{}, 1};
  Instant now{};
  ConnectionId connection;
  bool pulled = false;

  ExchangeId submit(Request request, bool streamed) {
    request.url = "http://h/";
    auto prepared = http::prepare(request, http::Base{}, false);
    REQUIRE(prepared);
    const auto id = core.submit(now, {.prepared = std::move(*prepared), .streamed = streamed});
    REQUIRE(id);
    drain();
    return *id;
  }

  void drain() {
    while (auto action = core.next_action()) {
      if (const auto* dial = std::get_if<core::Dial>(&*action)) {
        connection = dial->connection;
        core.on_dialled(now, connection, {});
      } else if (const auto* write = std::get_if<core::Write>(&*action)) {
        core.on_written(now, write->connection, write->bytes.size());
      } else if (std::holds_alternative<core::Pull>(*action)) {
        pulled = true;
      }
    }
    core.take_parts();
    core.take_completions();
  }

  void receive(const char* bytes) {
    core.on_received(now, connection, bytes);
    drain();
  }
};

std::string learned_from_answer(Duration reading) {
  Play play;
  play.submit({}, true);
  play.now += 5ms;
  play.receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  play.now += reading;
  play.receive("b");
  return play.core.profiles();
}

std::string learned_from_upload(Duration giving) {
  Play play;
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
