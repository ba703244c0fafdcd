#include "engine/api/inbox.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "tests/support/call_to.hpp"
#include "tests/support/catch.hpp"

using headrace::Error;
using headrace::ErrorCode;
using headrace::Options;
using headrace::api::Arrival;
using headrace::api::Arrivals;
using headrace::api::Inbox;
using namespace std::chrono_literals;

namespace {

Inbox::Mail take(Inbox& inbox) {
  Inbox::Mail mail;
  inbox.take(mail);
  return mail;
}

const auto site = headrace::http::site_of({{false, "cloud.example", 80}}).value();

Arrivals arrivals_of(const std::shared_ptr<Inbox>& inbox, std::size_t count,
                     std::size_t bytes = 10) {
  Arrivals arrivals;
  arrivals.make_room(count);
  for (std::size_t i = 0; i < count; ++i)
    arrivals.push(
        {.call = headrace::test::call_to(inbox, site),
         .submission = {.prepared = {.site = site.get(),
                                     .keeper = {},
                                     .wire = headrace::http::Wire(std::string(bytes, 'x')),
                                     .traits = {}}}});
  return arrivals;
}

// How many of them still have their calls.
std::size_t left_of(Arrivals& arrivals) {
  std::size_t left = 0;
  arrivals.for_each([&](const Arrival& arrival) { left += arrival.call ? 1U : 0U; });
  return left;
}

}  // namespace

TEST_CASE("An inbox gives its mail once") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  Arrivals arrivals = arrivals_of(inbox, 3);
  std::optional<Error> refusal;
  CHECK(inbox->submit_all(arrivals, refusal) == 3);
  CHECK(take(*inbox).arrivals.size() == 3);
  CHECK(take(*inbox).empty());
}

TEST_CASE("S27: an inbox that nobody reads is bounded in count and bytes") {
  const auto inbox = std::make_shared<Inbox>(Options{.connections_total_max = 2,
                                                     .pipeline_depth = 3,
                                                     .queue_requests_max = 4,
                                                     .queue_bytes_max = 1000});
  std::optional<Error> refusal;
  Arrivals many = arrivals_of(inbox, 12);
  CHECK(inbox->submit_all(many, refusal) == 10);
  CHECK(refusal->code == ErrorCode::queue_full);
  CHECK(left_of(many) == 2);
  CHECK(take(*inbox).arrivals.size() == 10);

  Arrivals large = arrivals_of(inbox, 3, 500);
  CHECK(inbox->submit_all(large, refusal) == 2);
  CHECK(refusal->code == ErrorCode::queue_full);
  take(*inbox);
  Arrivals too_large = arrivals_of(inbox, 1, 2000);
  too_large.for_each([&](Arrival& arrival) {
    CHECK(inbox->submit(arrival, refusal));  // for the core to refuse
    CHECK_FALSE(arrival.call);
  });
  Arrivals another = arrivals_of(inbox, 1);
  another.for_each([&](Arrival& arrival) {
    CHECK_FALSE(inbox->submit(arrival, refusal));
    CHECK(arrival.call);
  });
  CHECK(inbox->close("the test is over").arrivals.size() == 1);
}

TEST_CASE("S44: a shut-down refuses arrivals, and of several graces the shortest counts") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  inbox->shut_down(20ms);
  inbox->shut_down(10ms);
  inbox->shut_down(30ms);
  Arrivals late = arrivals_of(inbox, 1);
  std::optional<Error> refusal;
  CHECK(inbox->submit_all(late, refusal) == 0);
  CHECK(refusal->code == ErrorCode::closed);
  CHECK(take(*inbox).grace == 10ms);
  CHECK_FALSE(take(*inbox).grace);
}

TEST_CASE("Closing an inbox gives what nobody read; cancels are dropped afterwards") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  Arrivals unread = arrivals_of(inbox, 2);
  Arrivals late = arrivals_of(inbox, 1);
  std::optional<Error> refusal;
  inbox->submit_all(unread, refusal);
  CHECK(inbox->close("it broke").arrivals.size() == 2);
  late.for_each([](const Arrival& arrival) { arrival.call->cancel(); });
  CHECK(take(*inbox).empty());
  CHECK(inbox->submit_all(late, refusal) == 0);
  CHECK(refusal->detail == "it broke");
}

TEST_CASE("What the reader's callbacks submit waits behind what lay there") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  std::optional<Error> refusal;
  Arrivals before = arrivals_of(inbox, 2);
  Arrivals meanwhile = arrivals_of(inbox, 3);
  Arrivals afterwards = arrivals_of(inbox, 1);
  CHECK(inbox->submit_all(before, refusal) == 2);
  inbox->lease().is_to_look(true);
  meanwhile.for_each([&](Arrival& arrival) { CHECK(inbox->submit(arrival, refusal)); });
  CHECK(inbox->submit_all(afterwards, refusal) == 1);
  inbox->lease().is_to_look(false);
  const Inbox::Mail mail = take(*inbox);
  CHECK(mail.arrivals.size() == 2);
  CHECK(mail.own.size() == 4);
  CHECK(take(*inbox).empty());
}

TEST_CASE("What another thread submits while callbacks run is not taken for theirs") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  inbox->lease().is_to_look(true);
  std::thread([&] {
    std::optional<Error> refusal;
    Arrivals others = arrivals_of(inbox, 2);
    CHECK(inbox->submit_all(others, refusal) == 2);
  }).join();
  const Inbox::Mail mail = take(*inbox);
  CHECK(mail.arrivals.size() == 2);
  CHECK(mail.own.empty());
}

TEST_CASE("S27: what callbacks submit is bounded like what others do") {
  const auto inbox = std::make_shared<Inbox>(Options{.connections_total_max = 1,
                                                     .pipeline_depth = 1,
                                                     .queue_requests_max = 2,
                                                     .queue_bytes_max = 1000});
  inbox->lease().is_to_look(true);
  for (int round = 0; round < 2; ++round) {
    std::optional<Error> refusal;
    Arrivals many = arrivals_of(inbox, 4);
    CHECK(inbox->submit_all(many, refusal) == 3);
    CHECK(refusal->code == ErrorCode::queue_full);
    CHECK(left_of(many) == 1);
    Arrivals another = arrivals_of(inbox, 1);
    another.for_each([&](Arrival& arrival) { CHECK_FALSE(inbox->submit(arrival, refusal)); });
    CHECK(take(*inbox).own.size() == 3);
    Arrivals large = arrivals_of(inbox, 3, 400);
    CHECK(inbox->submit_all(large, refusal) == 2);
    CHECK(refusal->code == ErrorCode::queue_full);
    CHECK(take(*inbox).own.size() == 2);
  }
}

TEST_CASE("S44: a callback that has shut the engine down can submit no more") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  inbox->lease().is_to_look(true);
  inbox->shut_down(1s);
  Arrivals late = arrivals_of(inbox, 1);
  std::optional<Error> refusal;
  CHECK(inbox->submit_all(late, refusal) == 0);
  CHECK(refusal->code == ErrorCode::closed);
}

TEST_CASE("Closing an inbox gives what callbacks submitted and nobody read") {
  const auto inbox = std::make_shared<Inbox>(Options{});
  inbox->lease().is_to_look(true);
  Arrivals unread = arrivals_of(inbox, 2);
  std::optional<Error> refusal;
  inbox->submit_all(unread, refusal);
  CHECK(inbox->close("it broke").own.size() == 2);
}
