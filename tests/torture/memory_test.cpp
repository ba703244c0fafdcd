// Every allocation of OpenSSL and of libuv in a scenario fails once, or each from one on: no future
// is left behind, no answer is wrong, nothing stays allocated or open, and the engine goes on. Of
// OpenSSL's, which are thousands, it is every 97th, in one scenario every 31st, or as many as are
// asked for:
//
//     HEADRACE_TORTURE_STEP=1 test_torture "S1: whichever allocation*"

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/torture/failing_memory.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

std::size_t step_over(const Scenario& scenario, Memory memory, bool on) {
  if (const auto wanted = wanted_step()) return *wanted;
  if (memory == Memory::libuv) return 1;
  return scenario.stands_for_all && !on ? 31 : 97;
}

// OpenSSL passes over some of it in silence: an authority's key that it could not decode, a cipher
// that it could not list. Then handshakes fail until the engine is made anew.
bool lacks_something(const Result<Response>& result) {
  return !result && result.error().code == ErrorCode::tls_failed;
}

// With the engine's beginning in it. False when there were not so many allocations.
bool play(const Scenario& scenario, const EchoServer& server, Memory memory, std::size_t nth,
          bool on = false) {
  Result<Engine> engine = std::unexpected(Error());
  bool reached = false;
  {
    const FailingAllocation failing(memory, nth, on);
    engine = Engine::create(torture_options());
    if (engine)
      scenario.play(*engine, server);
    else
      CHECK_FALSE(engine.error().detail.empty());
    reached = failing.asked() >= nth;
  }
  if (!engine) return true;
  const Result<Response> after = ask_after(*engine, server);
  if (memory != Memory::openssl || !lacks_something(after)) check_after(after, scenario);
  return reached;
}

}  // namespace

TEST_CASE("S1: whichever allocation of OpenSSL or libuv fails, every future completes") {
  const Scenario played = scenario();
  const Memory memory = GENERATE(Memory::openssl, Memory::libuv);
  const bool on = GENERATE(false, true);
  const EchoServer server = server_for(played);
  CAPTURE(played.name, memory == Memory::openssl, on);
  play(played, server, memory, 0);  // what a library keeps for the process is there after the first
  const std::size_t descriptors = open_descriptors();
  long held = blocks_held(memory);
  std::size_t nth = 1;
  for (bool reached = true; reached; nth += step_over(played, memory, on)) {
    CAPTURE(nth);
    reached = play(played, server, memory, nth, on);
    if (blocks_held(memory) > held) {  // what is kept for the next such failure is kept once
      held = blocks_held(memory);
      play(played, server, memory, nth, on);
    }
    CHECK(blocks_held(memory) <= held);
    REQUIRE(nth < 100'000);
  }
  CHECK(nth > 2);
  CHECK(open_descriptors() == descriptors);
}
