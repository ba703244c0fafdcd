#include "headrace/when_all.hpp"

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::when_all;
using headrace::test::futures_of;
using headrace::test::Promise;

TEST_CASE("when_all of nothing is ready") {
  auto all = when_all(std::vector<Future<int>>{});
  REQUIRE(all.ready());
  CHECK(all.get().empty());
}

TEST_CASE("when_all is ready with the last one, its results in the calls' order") {
  std::vector<Promise<int>> promises(4);
  auto all = when_all(futures_of(promises));
  for (const int i : {2, 0, 3}) {
    promises[static_cast<std::size_t>(i)].complete(i);
    CHECK_FALSE(all.ready());
  }
  promises[1].complete(1);
  REQUIRE(all.ready());
  const std::vector<Result<int>> results = all.get();
  REQUIRE(results.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(results[i].value() == static_cast<int>(i));
}

TEST_CASE("S41: when_all keeps a failure in its place") {
  std::vector<Promise<int>> promises(3);
  std::vector<Future<int>> futures = futures_of(promises);
  promises[0].complete(10);  // ready before it is joined
  futures.emplace_back();    // and an invalid one
  auto all = when_all(std::move(futures));
  promises[1].fail(ErrorCode::timed_out);
  CHECK_FALSE(all.ready());
  promises[2].complete(30);
  const std::vector<Result<int>> results = all.get();
  CHECK(results[0].value() == 10);
  CHECK(results[1].error().code == ErrorCode::timed_out);
  CHECK(results[2].value() == 30);
  CHECK(results[3].error().code == ErrorCode::invalid_argument);
}

TEST_CASE("Cancelling or dropping when_all cancels what is unfinished") {
  const bool drop = GENERATE(false, true);
  std::vector<Promise<int>> promises(3);
  auto all = when_all(futures_of(promises));
  promises[1].complete(1);
  if (drop)
    all = {};
  else
    all.cancel();
  CHECK(promises[0].cancels() == 1);
  CHECK(promises[1].cancels() == 0);
  CHECK(promises[2].cancels() == 1);
  promises[0].fail(ErrorCode::cancelled);
  promises[2].complete(2);
  CHECK(all.ready() == !drop);
}

TEST_CASE("S41: a when_all is completed by many threads, and cancelled by another meanwhile") {
  for (int round = 0; round < 100; ++round) {
    std::vector<Promise<int>> promises(12);
    auto all = when_all(futures_of(promises));
    std::vector<std::thread> threads;
    for (std::size_t part = 0; part < 3; ++part)
      threads.emplace_back([&, part] {
        for (std::size_t i = part; i < promises.size(); i += 3)
          promises[i].complete(static_cast<int>(i));
      });
    threads.emplace_back([&] { all.cancel(); });
    while (!all.wait_for(std::chrono::hours(1))) {
    }
    for (std::thread& thread : threads) thread.join();
    const std::vector<Result<int>> results = all.get();
    for (std::size_t i = 0; i < results.size(); ++i)
      CHECK(results[i].value() == static_cast<int>(i));
  }
}
