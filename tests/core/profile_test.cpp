#include "engine/core/profile.hpp"

#include "engine/base/limits.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

namespace {

constexpr Instant start{};

// An origin whose pipelines have been answered.
Profile capable(std::size_t depth = 8) {
  Profile profile(Pipelining::learned, depth);
  profile.on_good_answer(true);
  profile.on_batch_passed();
  return profile;
}

void answer_followers(Profile& profile, unsigned count) {
  for (unsigned i = 0; i < count; ++i) profile.on_follower_answered();
}

}  // namespace

TEST_CASE("S9, S10: who must prove itself") {
  Profile profile(Pipelining::learned, 8);
  CHECK(profile.must_prove());
  CHECK(profile.on_probation());
  profile.on_good_answer(true);
  CHECK_FALSE(profile.must_prove());
  CHECK(profile.depth() == 8);
  profile.on_lost(start, 0, 1, true);
  CHECK(profile.must_prove());
  profile.on_good_answer(false);  // on a connection that is older than the trouble
  CHECK(profile.must_prove());
  profile.on_good_answer(true);
  CHECK_FALSE(profile.must_prove());
  profile.on_unfit_answer();
  CHECK(profile.must_prove());
}

TEST_CASE(
    "S48: unexplained losses halve the depth, the third ends pipelining, success undoes them") {
  Profile profile = capable();
  CHECK(profile.capability() == Capability::capable);
  profile.on_lost(start, 0, 5, true);
  CHECK(profile.depth() == 4);
  CHECK(profile.reason() == "halved after a connection was lost with a pipeline on it");
  answer_followers(profile, limits::profile_streak - 1);
  CHECK(profile.depth() == 4);
  answer_followers(profile, 1);
  CHECK(profile.depth() == 8);
  CHECK(profile.reason().empty());

  answer_followers(profile, 2 * limits::profile_streak);  // more than there is to undo
  for (int i = 0; i < 2; ++i) profile.on_lost(start, 0, 5, true);
  CHECK(profile.capability() == Capability::capable);
  profile.on_lost(start, 0, 5, true);
  CHECK(profile.capability() == Capability::off);
  CHECK(profile.depth() == 1);
  CHECK(profile.reason() == "connections were lost with pipelines on them");
}

TEST_CASE("S48: what an origin was halved for is said until all of it is undone") {
  // The former is whole again before the strikes are gone.
  const std::size_t depth = GENERATE(as<std::size_t>{}, 2, 8);
  Profile profile = capable(depth);
  for (int i = 0; i < 2; ++i) profile.on_lost(start, 0, 5, true);
  answer_followers(profile, limits::profile_streak);
  CHECK_FALSE(profile.reason().empty());
  answer_followers(profile, limits::profile_streak);
  CHECK(profile.depth() == depth);
  CHECK(profile.reason().empty());
}

TEST_CASE("S22: one request a segment is said as long as it is so") {
  Profile profile = capable();
  profile.on_suspected();
  profile.on_suspicion_settled(start, true);
  profile.on_batch_passed();
  answer_followers(profile, 4 * limits::profile_streak);
  CHECK(profile.depth() == 8);
  CHECK(profile.one_per_segment());
  CHECK_FALSE(profile.reason().empty());
}

TEST_CASE("S48: a loss with one request on the connection says nothing of pipelines") {
  Profile profile = capable();
  for (int i = 0; i < 10; ++i) profile.on_lost(start, 0, 1, true);
  CHECK(profile.depth() == 8);
}

TEST_CASE(
    "S48: an origin that is off gets a trial after a pause, on one connection, and a longer one") {
  Profile profile = capable();
  profile.on_shifted(start, "because");
  CHECK(profile.capability() == Capability::off);
  CHECK(profile.reason() == "because");
  const Instant first = start + limits::profile_pause_first;
  profile.refresh(first - Duration(1));
  CHECK(profile.capability() == Capability::off);
  profile.refresh(first);
  CHECK(profile.on_trial());
  CHECK(profile.on_probation());
  CHECK(profile.depth() == 2);

  profile.on_lost(first, 0, 2, true);
  CHECK(profile.capability() == Capability::off);
  profile.refresh(first + 2 * limits::profile_pause_first - Duration(1));
  CHECK(profile.capability() == Capability::off);
  profile.refresh(first + 2 * limits::profile_pause_first);
  CHECK(profile.on_trial());
  profile.on_batch_passed();
  CHECK(profile.capability() == Capability::capable);
  answer_followers(profile, 2 * limits::profile_streak);
  CHECK(profile.depth() == 8);
}

TEST_CASE("S22: dropped requests lead to one a segment, then to none; a slow one to nothing") {
  Profile profile = capable();
  profile.on_suspected();
  CHECK(profile.depth() == 1);
  profile.on_suspicion_settled(start, false);
  CHECK(profile.depth() == 8);
  CHECK_FALSE(profile.one_per_segment());

  profile.on_suspected();
  profile.on_suspicion_settled(start, true);
  CHECK(profile.one_per_segment());
  CHECK(profile.on_trial());
  CHECK(profile.depth() == 4);
  profile.on_suspected();
  profile.on_suspicion_settled(start, true);
  CHECK(profile.capability() == Capability::off);
}

TEST_CASE(
    "S30: how many requests a server takes on a connection is learned, and forgotten in time") {
  Profile profile = capable();
  profile.on_lost(start, 5, 3, true);
  CHECK(profile.requests_max(start) == 0);
  profile.on_lost(start, 5, 3, true);
  CHECK(profile.requests_max(start) == 5);
  CHECK(profile.depth() == 8);  // explained
  CHECK(profile.requests_max(start + limits::requests_max_kept) == 0);

  Profile other = capable();
  for (const unsigned answered : {100U, 100U, 99U, 100U, 100U}) {
    other.on_closed_as_announced(start, answered);
    CHECK(other.requests_max(start) == 0);
  }
  other.on_closed_as_announced(start, 100);
  CHECK(other.requests_max(start) == 100);

  Profile broken = capable();
  for (int i = 0; i < 2; ++i) broken.on_lost(start, 5, 3, false);  // within an answer
  CHECK(broken.requests_max(start) == 0);
  Profile busy = capable();
  busy.on_answers(6);
  for (int i = 0; i < 2; ++i) busy.on_lost(start, 5, 3, true);  // not the server's limit
  CHECK(busy.requests_max(start) == 0);
  CHECK(busy.depth() == 2);

  for (int i = 0; i < 10; ++i) profile.on_closed_as_announced(start, 1);  // an error's way to end
  CHECK(profile.requests_max(start) == 5);
  profile.on_answers(6);
  CHECK(profile.requests_max(start) == 0);
}

TEST_CASE("S47: pipelining off and fixed do not learn") {
  Profile off(Pipelining::off, 8);
  off.on_good_answer(true);
  off.refresh(start + std::chrono::hours(1000));
  CHECK(off.depth() == 1);
  CHECK(off.capability() == Capability::off);

  Profile fixed(Pipelining::fixed, 8);
  CHECK(fixed.must_prove());
  fixed.on_good_answer(true);
  CHECK_FALSE(fixed.on_probation());
  for (int i = 0; i < 10; ++i) fixed.on_lost(start, 5, 3, true);
  fixed.on_suspected();
  CHECK(fixed.depth() == 8);
  CHECK(fixed.requests_max(start) == 0);
  fixed.on_suspicion_settled(start, true);
  CHECK_FALSE(fixed.one_per_segment());
  fixed.on_shifted(start, "shifted");  // but never another request's answer
  CHECK(fixed.depth() == 1);
}
