// When which address is tried, in virtual time.

#include "engine/io/race_rules.hpp"

#include "tests/support/catch.hpp"

namespace headrace::io {
namespace {

using Numbers = std::vector<std::size_t>;
using namespace std::chrono_literals;

constexpr Instant start{};

// Starts all whose turn it is.
Numbers started(RaceRules& rules, Instant now) {
  Numbers out;
  while (const auto number = rules.next(now)) {
    rules.on_started(now, *number);
    out.push_back(*number);
  }
  return out;
}

TEST_CASE("S31: a name whose IPv6 swallows everything connects by IPv4 in under 300 ms") {
  RaceRules rules(2, limits::head_start);  // ::1 before 127.0.0.1, say
  CHECK(started(rules, start) == Numbers{0});
  REQUIRE(rules.deadline());
  const Instant second = *rules.deadline();
  CHECK(started(rules, second - 1ns).empty());
  CHECK(started(rules, second) == Numbers{1});
  const Instant connected = second + 40ms;  // a round trip
  CHECK(rules.on_connected(1) == Numbers{0});
  CHECK(connected - start < 300ms);
  CHECK(started(rules, connected + 1h).empty());
}

TEST_CASE("S31: one that fails hands over at once, whether or not it could start") {
  RaceRules rules(4, 250ms);
  CHECK(started(rules, start) == Numbers{0});
  rules.on_failed(0);
  CHECK(rules.next(start + 1ms) == 1);
  rules.on_failed(1);
  CHECK(started(rules, start + 1ms) == Numbers{2});
  CHECK(rules.deadline() == start + 251ms);
  CHECK_FALSE(rules.lost());
  CHECK(rules.on_connected(2).empty());
}

TEST_CASE("S31: two run at a time; who has run longest makes room, the last two run on") {
  RaceRules rules(4, 250ms);
  CHECK_FALSE(rules.on_started(start, rules.next(start).value()));
  CHECK_FALSE(rules.on_started(start + 250ms, rules.next(start + 250ms).value()));
  CHECK(rules.on_started(start + 500ms, rules.next(start + 500ms).value()) == 0);
  CHECK(rules.on_started(start + 750ms, rules.next(start + 750ms).value()) == 1);
  CHECK_FALSE(rules.deadline());
  CHECK_FALSE(rules.next(start + 1h));
  CHECK_FALSE(rules.lost());
  rules.on_failed(3);
  CHECK_FALSE(rules.lost());
  rules.on_failed(2);
  CHECK(rules.lost());
}

TEST_CASE("who had started after the winner was not outrun by it") {
  RaceRules rules(3, 250ms);
  started(rules, start);
  started(rules, start + 250ms);
  CHECK(rules.on_connected(0).empty());
}

}  // namespace
}  // namespace headrace::io
