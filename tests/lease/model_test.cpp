// Every order in which threads can hand the loop to each other. The decisions tried are the
// engine's own (engine/api/lease_rules); each mistake that is planted must be found, or the
// checker would prove nothing.

#include "tests/lease/checker.hpp"
#include "tests/support/catch.hpp"

using headrace::lease_model::check;
using headrace::lease_model::Mistake;
using headrace::lease_model::Scene;
using headrace::lease_model::Verdict;

namespace {

void expect_sound(const Scene& scene) {
  const Verdict verdict = check(scene);
  INFO(scene.waiters << " waiters, " << scene.rounds << " rounds, " << scene.timeouts
                     << " timeouts each, submitter " << scene.submitter << ", closer "
                     << scene.closer << ": " << verdict.worlds << " worlds");
  CHECK(verdict.defect.empty());
  CHECK(verdict.worlds > 10);
}

}  // namespace

TEST_CASE("One thread that calls again and again always gets its answers") {
  for (const unsigned timeouts : {0U, 1U, 2U})
    for (const bool submitter : {false, true})
      for (const bool closer : {false, true})
        expect_sound({.waiters = 1,
                      .rounds = 3,
                      .submitter = submitter,
                      .closer = closer,
                      .timeouts = timeouts});
}

TEST_CASE("S1, S41: two threads that wait by turns, or at once, lose nothing") {
  expect_sound({.waiters = 2, .rounds = 2});
  expect_sound({.waiters = 2, .rounds = 1, .submitter = true, .closer = true});
  expect_sound({.waiters = 2, .rounds = 1, .closer = true, .timeouts = 1});
}

TEST_CASE("S41: three threads that wait lose nothing") { expect_sound({.waiters = 3}); }

TEST_CASE("What is enqueued goes out when somebody waits for it, whoever has the loop") {
  expect_sound({.waiters = 1, .rounds = 3, .enqueuers = 1, .submitter = true});
  expect_sound({.waiters = 1, .rounds = 2, .enqueuers = 1, .closer = true, .timeouts = 1});
  expect_sound({.waiters = 2, .rounds = 2, .enqueuers = 1});
  expect_sound({.waiters = 2, .enqueuers = 2, .submitter = true});
}

TEST_CASE("S40: what is submitted goes out with nobody waiting") {
  expect_sound({.waiters = 0, .submitter = true});
  expect_sound({.waiters = 1, .rounds = 2, .submitter = true});
}

// Half a minute: test_lease "[large]".
TEST_CASE("Larger crowds lose nothing either", "[.large]") {
  expect_sound({.waiters = 2, .rounds = 2, .submitter = true});
  expect_sound({.waiters = 2, .rounds = 2, .timeouts = 1});
  expect_sound({.waiters = 2, .submitter = true, .closer = true, .timeouts = 1});
  expect_sound({.waiters = 3, .submitter = true});
  expect_sound({.waiters = 3, .closer = true});
}

TEST_CASE("Each planted mistake is found") {
  const auto found = [](Mistake mistake, unsigned waiters) {
    return check({.waiters = waiters,
                  .rounds = 2,
                  .enqueuers = waiters / 2,
                  .submitter = waiters == 1,
                  .mistake = mistake})
        .defect;
  };
  CHECK(found(Mistake::taker_does_not_look, 2) ==
        "the loop waits for the network with unread mail, and nobody woke it");
  CHECK(found(Mistake::parked_read_before_inbox, 2) ==
        "the loop waits for the network with unread mail, and nobody woke it");
  CHECK(found(Mistake::sleeper_not_roused, 1) == "work is left that nobody will ever do");
  CHECK(found(Mistake::grant_forgotten, 2) == "work is left that nobody will ever do");
  CHECK(found(Mistake::goes_on_after_lending, 2) == "two threads have the loop");
  CHECK(found(Mistake::wait_does_not_flush, 2) == "work is left that nobody will ever do");
  CHECK(found(Mistake::flag_stays_behind, 2) ==
        "the loop waits for the network with unread mail, and nobody woke it");
}
