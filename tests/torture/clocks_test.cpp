// The wall clock is put hours forward or back while requests are under way, at each moment that a
// time is asked for, or every few of them:
//
//     HEADRACE_TORTURE_STEP=1 test_torture "S19: a wall clock*"
//
// Deadlines go by another clock, and nothing is to notice.

#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/torture/scenarios.hpp"
#include "tests/torture/stepping_clock.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

using Calls = std::vector<Future<Response>>;

std::size_t step_over() { return wanted_step().value_or(17); }

void check_answers(Calls& calls) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    REQUIRE(calls[i].wait_for(patience));
    const Result<Response> result = calls[i].wait();
    REQUIRE(result);
    CHECK(result->body == "/" + std::to_string(i));
  }
}

Calls ask(Engine& engine, const EchoServer& server) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 25; ++i)
    requests.push_back({.url = server.url("/" + std::to_string(i))});
  return engine.submit_all(requests);
}

// Alone on its connection, since the server leaves its place empty.
Future<Response> ask_in_vain(Engine& engine, const EchoServer& server,
                             std::chrono::milliseconds timeout) {
  return engine.submit({.url = server.url("/silent"), .timeout = timeout, .bulk = true});
}

ErrorCode code_of(Future<Response>& call) {
  REQUIRE(call.wait_for(patience));
  const Result<Response> result = call.wait();
  REQUIRE_FALSE(result);
  return result.error().code;
}

// One deadline is soon, one after a longer time than a test takes: the first is met, and the other
// not, whatever the wall clock says. What goes before and after is answered, on connections that no
// limit of theirs has ended.
void play(Engine& engine, const EchoServer& server) {
  Calls before = ask(engine, server);
  Future<Response> long_wait = ask_in_vain(engine, server, 1h);
  Future<Response> short_wait = ask_in_vain(engine, server, 20ms);
  check_answers(before);
  CHECK(code_of(short_wait) == ErrorCode::timed_out);
  CHECK_FALSE(long_wait.ready());
  Calls after = ask(engine, server);
  check_answers(after);
  CHECK_FALSE(long_wait.ready());
  long_wait.cancel();
  CHECK(code_of(long_wait) == ErrorCode::cancelled);
}

}  // namespace

TEST_CASE("S19: a wall clock that is put forward or back moves no deadline") {
  const bool tls = GENERATE(false, true);
  const std::chrono::seconds step = GENERATE(5h, -5h);
  const EchoServer server = server_for({.play = {}, .tls = tls});
  CAPTURE(tls, step.count());
  bool reached = true;
  for (std::size_t nth = 1; reached; nth += step_over()) {
    CAPTURE(nth);
    const SteppedClock clock(nth, step);
    Engine engine(torture_options());
    const std::size_t before = clock.wall_clock_readings();  // OpenSSL's, for its randomness
    play(engine, server);
    reached = clock.reached();
    if (!tls) CHECK(clock.wall_clock_readings() == before);  // with TLS it looks at dates too
    REQUIRE(nth < 10'000);
  }
}
