// Every socket call of a scenario fails once, in every way that such a call may: no future is left
// behind, no answer is wrong, no descriptor stays, and the engine goes on.

#include <uv.h>

#include <cerrno>
#include <string>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/torture/failing_calls.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr Failures broken{"broken", EMFILE, EADDRNOTAVAIL, ECONNRESET, EPIPE};
constexpr Failures exhausted{"exhausted", ENOBUFS, EAGAIN, ENOMEM, ENOBUFS};
constexpr Failures interrupted{"interrupted", 0, EINTR, EINTR, EINTR};

// Plays it with the nth call failing, 0 being none. False when there were not so many.
bool play(const Scenario& scenario, const EchoServer& server, std::size_t nth,
          const Failures& failures) {
  Result<Engine> engine = Engine::create(torture_options());
  REQUIRE(engine);
  bool reached = false;
  {
    const FailingCall failing(nth, failures);
    scenario.play(*engine, server);
    reached = failing.reached();
  }
  check_after(ask_after(*engine, server), scenario);
  return reached;
}

}  // namespace

TEST_CASE("S1: whichever socket call fails, every future completes and the engine goes on") {
  const Scenario played = scenario();
  const Failures failures = GENERATE(broken, exhausted, interrupted);
  const EchoServer server = server_for(played);
  play(played, server, 0, failures);  // what libuv keeps for the process is there after the first
  const std::size_t before = open_descriptors();
  std::size_t nth = 1;
  CAPTURE(played.name, failures.name);
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    reached = play(played, server, nth, failures);
    REQUIRE(nth < 1'000);
  }
  CHECK(nth > 3);  // a connection has a socket, a connect, a write and a read
  CHECK(open_descriptors() == before);
}

TEST_CASE("S1: when all socket calls fail from one on, every future completes") {
  const Scenario played = scenario();
  const EchoServer server = server_for(played);
  Options impatient = torture_options();
  impatient.attempts_max = 1;
  impatient.connect_attempts = 1;
  CAPTURE(played.name);
  bool reached = true;
  for (std::size_t nth = 1; reached; ++nth) {
    CAPTURE(nth);
    Result<Engine> engine = Engine::create(impatient);
    REQUIRE(engine);
    const FailingCall failing(nth, broken, true);
    played.play(*engine, server);
    reached = failing.reached();
    REQUIRE(nth < 1'000);
  }
}

TEST_CASE("S29: with no local port left, dials fail and say so, and go on when there is one") {
  constexpr Failures no_port{"no port", 0, EADDRNOTAVAIL, 0, 0};
  const bool tls = GENERATE(false, true);
  CAPTURE(tls);
  const EchoServer server = server_for({.play = {}, .tls = tls});
  const EchoServer other = server_for({.play = {}, .tls = tls});
  Options options = torture_options();
  options.connect_attempts = 2;
  Engine engine(options);
  REQUIRE(ask_after(engine, server));
  {
    const FailingCall failing(1, no_port, true);
    const Result<Response> kept = ask_after(engine, server);
    CHECK(kept);  // a connection that is there needs no port
    const Result<Response> refused = ask_after(engine, other);
    REQUIRE_FALSE(refused);
    const Error& error = refused.error();
    CHECK(error.code == ErrorCode::connect_failed);
    CHECK(error.system_code == UV_EADDRNOTAVAIL);
    CHECK(error.progress == Progress::queued);
    CHECK(error.safe_to_repeat);
    CHECK(error.detail == "cannot connect to 127.0.0.1:" + std::to_string(other.port()) +
                              ": address not available (EADDRNOTAVAIL)");
  }
  CHECK(ask_after(engine, other));
}
