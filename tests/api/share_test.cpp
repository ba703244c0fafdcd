#include "engine/api/share.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using headrace::Options;
using headrace::api::share_of;
using headrace::api::WholeOrigins;
using headrace::http::Origin;

namespace {

std::vector<Options> shares(const Options& options) {
  std::vector<Options> all;
  for (unsigned loop = 0; loop < options.loops; ++loop) all.push_back(share_of(options, loop));
  return all;
}

template <class Get>
auto sum(const std::vector<Options>& shares, Get get) {
  decltype(get(shares[0])) all{};
  for (const Options& share : shares) all += get(share);
  return all;
}

const Origin fragile{.host = "fragile.example", .port = 80};
const Origin other{.host = "other.example", .port = 80};

}  // namespace

TEST_CASE("S26, S27: the loops' limits add up to the engine's, each having one at least") {
  for (unsigned loops = 1; loops <= 6; ++loops) {
    const Options options{.loops = loops,
                          .connections_max = 6,
                          .connections_total_max = 20,
                          .requests_per_second = 60,
                          .in_flight_max = 7,
                          .queue_requests_max = 10,
                          .queue_bytes_max = 1001};
    const std::vector<Options> all = shares(options);
    CAPTURE(loops);
    CHECK(sum(all, [](auto& share) { return share.connections_max; }) == 6);
    CHECK(sum(all, [](auto& share) { return share.connections_total_max; }) == 20);
    CHECK(sum(all, [](auto& share) { return share.queue_requests_max; }) == 10);
    CHECK(sum(all, [](auto& share) { return share.queue_bytes_max; }) == 1001);
    CHECK(sum(all, [](auto& share) { return share.in_flight_max; }) == 7);
    CHECK(sum(all, [](auto& share) { return share.requests_per_second; }) == 60);
    for (const Options& share : all) {
      CHECK(share.connections_max >= 1);
      CHECK(share.connections_total_max >= 1);
      CHECK(share.in_flight_max >= 1);
      CHECK(share.queue_requests_max >= 1);
    }
  }
}

TEST_CASE("What means `no limit` is none for each loop") {
  const Options share = share_of({.loops = 4}, 3);
  CHECK(share.in_flight_max == 0);
  CHECK(share.requests_per_second == 0);
}

TEST_CASE("An origin's own limits are divided as the engine's are") {
  const Options options{.loops = 2,
                        .requests_per_second = 50,
                        .in_flight_max = 3,
                        .origins = {{.origin = "http://a", .requests_per_second = 10},
                                    {.origin = "http://b", .in_flight_max = 5}}};
  const std::vector<Options> all = shares(options);
  for (const Options& share : all) {
    CHECK(share.origins[0].requests_per_second == 5);
    CHECK(share.origins[1].requests_per_second == 25);
  }
  CHECK(sum(all, [](auto& share) { return *share.origins[0].in_flight_max; }) == 3);
  CHECK(sum(all, [](auto& share) { return *share.origins[1].in_flight_max; }) == 5);
}

TEST_CASE(
    "An origin with less in flight than there are loops is whole, with its limits undivided") {
  const Options options{.loops = 4,
                        .requests_per_second = 40,
                        .origins = {{.origin = "http://Fragile.example:80", .in_flight_max = 2}}};
  const WholeOrigins whole(options);
  CHECK(whole.contains(fragile));
  CHECK_FALSE(whole.contains(other));
  for (const Options& share : shares(options)) {
    CHECK(share.origins[0].in_flight_max == 2);
    CHECK(share.origins[0].requests_per_second == 40);
    CHECK(share.requests_per_second == 10);
  }
}

TEST_CASE("Under a small in_flight_max all origins are whole but those that may have more") {
  const Options options{.loops = 4,
                        .requests_per_second = 40,
                        .in_flight_max = 1,
                        .origins = {{.origin = "http://other.example", .in_flight_max = 8}}};
  const WholeOrigins whole(options);
  CHECK(whole.contains(fragile));
  CHECK_FALSE(whole.contains(other));
  const Options share = share_of(options, 0);
  CHECK(share.in_flight_max == 1);
  CHECK(share.requests_per_second == 40);
  CHECK(share.origins[0].in_flight_max == 2);
  CHECK(share.origins[0].requests_per_second == 10);
}
