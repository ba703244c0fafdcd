#include "engine/core/merge.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using headrace::OriginStats;
using headrace::Stats;
using headrace::core::merge;
using headrace::core::merge_profiles;

namespace {

constexpr std::string_view header = "headrace-profiles 1\n";

std::string profile(const std::string& what) {
  return "http://h:80 " + what +
         " one_per_segment=no requests_max=0 answer_us=1 silence_us=2 reason of " + what + "\n";
}

std::string merged(const std::string& first, const std::string& second) {
  const std::array texts{std::string(header) + profile(first),
                         std::string(header) + profile(second)};
  return merge_profiles(texts).substr(header.size());
}

Stats one_origin(OriginStats origin) {
  Stats stats;
  stats.origins.push_back(std::move(origin));
  return stats;
}

}  // namespace

TEST_CASE("S46: what loops know of one origin adds up") {
  OriginStats first{.origin = "http://h:80", .queued = 1, .in_flight = 2, .connections = 3};
  first.counters = {.submitted = 10, .answered = 4, .retry_suppressed = 1};
  first.total.add(std::chrono::microseconds(3));
  OriginStats second{.origin = "http://h:80", .queued = 10, .in_flight = 20, .connections = 30};
  second.counters = {.submitted = 5, .answered = 2, .retry_suppressed = 2};
  second.total.add(std::chrono::microseconds(3));
  second.total.add(std::chrono::seconds(1));

  Stats all = one_origin(first);
  merge(all, one_origin(second));
  REQUIRE(all.origins.size() == 1);
  const OriginStats& origin = all.origins[0];
  CHECK(origin.queued == 11);
  CHECK(origin.in_flight == 22);
  CHECK(origin.connections == 33);
  CHECK(origin.counters.submitted == 15);
  CHECK(origin.counters.answered == 6);
  CHECK(origin.counters.retry_suppressed == 3);
  CHECK(origin.total.count == 3);
  CHECK(origin.total.sum == std::chrono::microseconds(1'000'006));
  CHECK(origin.total.buckets[2] == 2);
}

// A new counter must be added up too: Counters holds nothing else.
TEST_CASE("S46: no counter is forgotten") {
  using Numbers = std::array<std::uint64_t, sizeof(headrace::Counters) / sizeof(std::uint64_t)>;
  Numbers ones;
  ones.fill(1);
  OriginStats origin{.origin = "http://h:80"};
  origin.counters = std::bit_cast<headrace::Counters>(ones);
  Stats all = one_origin(origin);
  merge(all, one_origin(origin));
  for (const std::uint64_t number : std::bit_cast<Numbers>(all.origins[0].counters))
    CHECK(number == 2);
}

TEST_CASE("S46: origins that only one loop knows stay apart") {
  Stats all = one_origin({.origin = "http://a:80", .queued = 1});
  merge(all, one_origin({.origin = "http://b:80", .queued = 2}));
  REQUIRE(all.origins.size() == 2);
  CHECK(all.origins[0].queued == 1);
  CHECK(all.origins[1].queued == 2);
}

TEST_CASE("S46: of two capabilities the more careful one is shown, with its reason") {
  const OriginStats good{
      .origin = "http://h:80", .depth = 10, .capability = "capable", .reason = {}};
  const OriginStats bad{
      .origin = "http://h:80", .depth = 1, .capability = "off", .reason = "answers dropped"};
  for (const auto& [first, second] : {std::pair(good, bad), std::pair(bad, good)}) {
    Stats all = one_origin(first);
    merge(all, one_origin(second));
    CHECK(all.origins[0].capability == "off");
    CHECK(all.origins[0].depth == 1);
    CHECK(all.origins[0].reason == "answers dropped");
  }
}

TEST_CASE("S46: the latest suspects are kept, sixteen of them") {
  OriginStats first{.origin = "http://h:80"};
  OriginStats second{.origin = "http://h:80"};
  for (std::uint64_t i = 0; i < 10; ++i) {
    first.suspect_connections.push_back(i);
    second.suspect_connections.push_back(100 + i);
  }
  Stats all = one_origin(first);
  merge(all, one_origin(second));
  const std::vector<std::uint64_t>& suspects = all.origins[0].suspect_connections;
  CHECK(suspects.size() == 16);
  CHECK(suspects.back() == 109);
}

TEST_CASE("Trouble counts for more than success, and success for more than nothing") {
  CHECK(merged("capable depth=10", "off depth=1") == profile("off depth=1"));
  CHECK(merged("off depth=1", "capable depth=10") == profile("off depth=1"));
  CHECK(merged("on_trial depth=2", "capable depth=10") == profile("on_trial depth=2"));
  CHECK(merged("unknown depth=10", "capable depth=10") == profile("capable depth=10"));
  CHECK(merged("capable depth=10", "capable depth=5") == profile("capable depth=5"));
  CHECK(merged("capable depth=5", "capable depth=10") == profile("capable depth=5"));
}

TEST_CASE("Profiles are merged by origin, and a loop that has ended has none") {
  const std::string first =
      "http://a:80 off depth=1 one_per_segment=no requests_max=0 answer_us=0 "
      "silence_us=0 x\n";
  const std::string second =
      "http://b:80 off depth=1 one_per_segment=no requests_max=0 "
      "answer_us=0 silence_us=0 y\n";
  const std::array texts{std::string(header) + second, std::string(), std::string(header) + first};
  CHECK(merge_profiles(texts) == std::string(header) + first + second);
}
