#include "engine/api/arrivals.hpp"

#include <stdexcept>
#include <vector>

#include "tests/support/catch.hpp"

using headrace::api::Arrival;
using headrace::api::Arrivals;

namespace {

Arrivals numbered(std::uint64_t first, std::uint64_t count) {
  Arrivals arrivals;
  for (std::uint64_t i = 0; i < count; ++i) {
    arrivals.make_room(1);
    arrivals.push({.call = {}, .submission = {.prepared = {}, .tag = first + i}});
  }
  return arrivals;
}

std::vector<std::uint64_t> taken_of(Arrivals& arrivals) {
  std::vector<std::uint64_t> tags;
  arrivals.take_each([&](const Arrival& arrival) { tags.push_back(arrival.submission.tag); });
  return tags;
}

std::vector<std::uint64_t> up_to(std::uint64_t count) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

}  // namespace

TEST_CASE("arrivals come out in the order in which they went in, however many come at once") {
  const std::uint64_t first = GENERATE(0U, 1U, 3U, 255U, 256U, 257U, 1000U);
  const std::uint64_t second = GENERATE(0U, 1U, 256U, 257U, 2000U);
  CAPTURE(first, second);
  Arrivals arrivals = numbered(0, first);
  Arrivals more = numbered(first, second);
  for (int round = 0; round < 2; ++round) {  // again in the memory that was kept
    arrivals.append(more);
    CHECK(more.empty());
    CHECK(arrivals.size() == first + second);
    arrivals.make_room(1);
    arrivals.push({.call = {}, .submission = {.prepared = {}, .tag = first + second}});
    CHECK(taken_of(arrivals) == up_to(first + second + 1));
    CHECK(arrivals.empty());
    arrivals = numbered(0, first);
    more = numbered(first, second);
  }
}

TEST_CASE("what throws while arrivals are taken leaves those behind it") {
  Arrivals arrivals = numbered(0, 600);
  CHECK_THROWS_AS(arrivals.take_each([](Arrival& arrival) {
    if (arrival.submission.tag == 300) throw std::runtime_error("no memory");
  }),
                  std::runtime_error);
  const auto left = taken_of(arrivals);
  REQUIRE(left.size() == 600 - 256);
  CHECK(left.front() == 256);
  CHECK(left.back() == 599);
}
