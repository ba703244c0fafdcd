#include "engine/base/limits.hpp"
#include "engine/core/admission.hpp"
#include "engine/core/dialling.hpp"
#include "engine/core/resend.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

TEST_CASE("S6, S7, S8: what may be written to a connection") {
  constexpr bool get = true, post = false;
  const PipelineFacts idle{.writable = true, .outstanding = 0, .depth = 1};
  const PipelineFacts unproven{.writable = true, .outstanding = 1, .depth = 1};
  const PipelineFacts busy{.writable = true, .outstanding = 2, .depth = 3};
  const PipelineFacts full{.writable = true, .outstanding = 3, .depth = 3};
  CHECK(admits(idle, get));
  CHECK(admits(idle, post));
  CHECK_FALSE(admits(unproven, get));
  CHECK(admits(busy, get));
  CHECK_FALSE(admits(busy, post));
  CHECK_FALSE(admits(full, get));

  CHECK_FALSE(admits({.writable = false, .outstanding = 0, .depth = 3}, get));
  CHECK_FALSE(admits({.writable = true, .outstanding = 1, .depth = 3, .holds_solo = true}, get));
  CHECK_FALSE(
      admits({.writable = true, .outstanding = 1, .depth = 3, .head_abandoned = true}, get));
}

TEST_CASE("S9: how deep a pipeline may be") {
  CHECK(depth_allowed(false, 10) == 1);
  CHECK(depth_allowed(true, 10) == 10);
}

TEST_CASE("S13: what becomes of a request whose connection was lost") {
  const LossFacts get{.touched = true, .repeatable = true, .moves_max = 5, .attempts_max = 3};
  const auto with = [&](auto change) {
    LossFacts facts = get;
    change(facts);
    return after_loss(facts);
  };
  CHECK(after_loss(get) == Verdict::again);
  CHECK(with([](auto& f) { f.charged = true; }) == Verdict::again_charged);
  CHECK(with([](auto& f) { f.charged = true, f.charges = 1; }) == Verdict::again_charged);
  CHECK(with([](auto& f) { f.charged = true, f.charges = 2; }) == Verdict::fail);
  CHECK(with([](auto& f) { f.moves = 4; }) == Verdict::again);
  CHECK(with([](auto& f) { f.moves = 5; }) == Verdict::fail);
  CHECK(with([](auto& f) { f.repeatable = false; }) == Verdict::fail);
  CHECK(with([](auto& f) { f.repeatable = false, f.touched = false; }) == Verdict::again);
  CHECK(with([](auto& f) { f.touched = false, f.moves = 5; }) == Verdict::again);

  // S16
  CHECK(with([](auto& f) { f.resend_allowed = false; }) == Verdict::suppressed);
  CHECK(with([](auto& f) { f.resend_allowed = false, f.charged = true; }) == Verdict::suppressed);
  CHECK(with([](auto& f) { f.resend_allowed = false, f.announced = true; }) == Verdict::again);
  CHECK(with([](auto& f) { f.resend_allowed = false, f.touched = false; }) == Verdict::again);
  CHECK(with([](auto& f) { f.resend_allowed = false, f.repeatable = false; }) == Verdict::fail);
}

TEST_CASE("S26, S28, S29: when an origin gets one more connection") {
  const DialFacts calm{.waiting = 2, .dialling = 1, .connections = 1, .connections_max = 2};
  const auto with = [&](auto change) {
    DialFacts facts = calm;
    change(facts);
    return should_dial(facts);
  };
  CHECK(should_dial(calm));
  CHECK_FALSE(with([](auto& f) { f.waiting = 1; }));
  CHECK_FALSE(with([](auto& f) { f.connections = 2; }));
  CHECK_FALSE(with([](auto& f) { f.backing_off = true; }));
  CHECK_FALSE(with([](auto& f) { f.failing = true; }));
  CHECK(with([](auto& f) { f.failing = true, f.dialling = 0; }));

  const DialFacts crowd{.waiting = 100, .dialling = 10, .connections = 10, .connections_max = 100};
  CHECK_FALSE(should_dial(crowd));
  CHECK(should_dial({.waiting = 100,
                     .dialling = 10,
                     .connections = 10,
                     .connections_max = 100,
                     .connected = true}));
}

TEST_CASE("S18, S29: pauses double up to their last, however long the options make them") {
  using std::chrono::milliseconds;
  CHECK(doubled(milliseconds(50), 0, milliseconds(1000)) == milliseconds(50));
  CHECK(doubled(milliseconds(50), 3, milliseconds(1000)) == milliseconds(400));
  CHECK(doubled(milliseconds(50), 5, milliseconds(1000)) == milliseconds(1000));
  CHECK(doubled(milliseconds(50), 4'000'000'000U, milliseconds(1000)) == milliseconds(1000));
  CHECK(doubled(milliseconds(2000), 1, milliseconds(1000)) == milliseconds(1000));
  constexpr std::chrono::hours century{24 * 365 * 100};
  CHECK(doubled(century, 9, century) == century);
  CHECK(doubled(century / 3, 1, century) == 2 * Duration(century / 3));
}

TEST_CASE("S30: a lifetime is given or taken a tenth") {
  using std::chrono::milliseconds;
  CHECK(jittered(milliseconds(1000), 0) == milliseconds(900));
  for (std::uint64_t random = 0; random < 1'000'000'000; random += 12'345'679) {
    CHECK(jittered(milliseconds(1000), random) >= milliseconds(900));
    CHECK(jittered(milliseconds(1000), random) <= milliseconds(1100));
  }
}

TEST_CASE("S29: the pause between dials doubles, is bounded and spread over its upper half") {
  using std::chrono::milliseconds;
  CHECK(redial_pause(1, 0) == limits::redial_first / 2);
  CHECK(redial_pause(2, 0) == limits::redial_first);
  CHECK(redial_pause(100, 0) == limits::redial_last / 2);
  for (std::uint64_t random = 0; random < 1'000'000'000; random += 12'345'679) {
    CHECK(redial_pause(3, random) >= milliseconds(100));
    CHECK(redial_pause(3, random) <= milliseconds(200));
  }
}
