#include "headrace/as_completed.hpp"

#include <cstddef>
#include <ranges>
#include <thread>
#include <utility>
#include <vector>

#include "engine/api/loop_thread.hpp"
#include "headrace/when_all.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::as_completed;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::detail::Batch;
using headrace::test::futures_of;
using headrace::test::Promise;

static_assert(std::ranges::input_range<headrace::AsCompleted<int>>);

TEST_CASE("as_completed of nothing ends at once") {
  auto results = as_completed(std::vector<Future<int>>{});
  CHECK(results.left() == 0);
  CHECK_FALSE(results.next());
  CHECK(results.begin() == results.end());
}

TEST_CASE("S41: as_completed gives completion order, whatever the order of the calls") {
  std::vector<Promise<int>> promises(4);
  std::vector<Future<int>> calls = futures_of(promises);
  promises[2].complete(2);  // ready before anybody asks
  auto results = as_completed(std::move(calls));
  promises[3].complete(3);
  {
    Batch batch;
    promises[1].fail(ErrorCode::connection_lost);
    promises[0].complete(0, batch);
  }
  std::vector<std::size_t> order;
  for (auto& [index, result] : results) {
    order.push_back(index);
    if (index == 1)
      CHECK(result.error().code == ErrorCode::connection_lost);
    else
      CHECK(result.value() == static_cast<int>(index));
  }
  CHECK(order == std::vector<std::size_t>{2, 3, 1, 0});
  CHECK(results.left() == 0);
}

TEST_CASE("S41: each result is given as soon as it is there, with the others unfinished") {
  std::vector<Promise<int>> promises(3);
  auto results = as_completed(futures_of(promises));
  for (const std::size_t i : {1U, 2U, 0U}) {
    std::thread completer([&] { promises[i].complete(static_cast<int>(i)); });
    const auto item = results.next();
    completer.join();
    REQUIRE(item);
    CHECK(item->first == i);
  }
  CHECK_FALSE(results.next());
}

TEST_CASE("A hundred futures of one batch wake their waiter once") {
  std::vector<Promise<int>> promises(100);
  auto results = as_completed(futures_of(promises));
  Batch batch;
  for (Promise<int>& promise : promises) promise.complete(1, batch);
  CHECK(batch.wakes() == 0);
  batch.deliver();
  CHECK(batch.wakes() == 1);
  int sum = 0;
  for (auto& [index, result] : results) sum += *result;
  CHECK(sum == 100);
}

TEST_CASE("A when_all of a hundred wakes its waiter once, and two waiters get one each") {
  std::vector<Promise<int>> promises(100);
  std::vector<Promise<int>> others(50);
  std::vector<Future<std::vector<Result<int>>>> joined;
  joined.push_back(headrace::when_all(futures_of(promises)));
  auto results = as_completed(std::move(joined));
  auto other_results = as_completed(futures_of(others));
  Batch batch;
  for (std::size_t i = 0; i < promises.size(); ++i) {
    promises[i].complete(1, batch);
    if (i < others.size()) others[i].complete(1, batch);
  }
  batch.deliver();
  CHECK(batch.wakes() == 2);
  CHECK(results.next().value().second.value().size() == 100);
  CHECK(other_results.next());
}

TEST_CASE("Dropping as_completed cancels what is unfinished") {
  std::vector<Promise<int>> promises(4);
  {
    auto results = as_completed(futures_of(promises));
    promises[3].complete(3);
    promises[0].complete(0);
    CHECK(results.next().value().first == 3);
  }
  CHECK(promises[0].cancels() == 0);
  CHECK(promises[1].cancels() == 1);
  CHECK(promises[2].cancels() == 1);
  CHECK(promises[3].cancels() == 0);
  promises[1].complete(1);
  promises[2].fail(ErrorCode::cancelled);
}

TEST_CASE("as_completed says of an invalid future that it was") {
  std::vector<Future<int>> calls(1);
  auto results = as_completed(std::move(calls));
  CHECK(results.next().value().second.error().code == ErrorCode::invalid_argument);
  CHECK_FALSE(results.next());
}

TEST_CASE("On a loop's thread as_completed gives what is ready, then errors instead of blocking") {
  std::vector<Promise<int>> promises(3);
  auto results = as_completed(futures_of(promises));
  const headrace::api::LoopThread mark(&promises);
  promises[1].complete(1);
  CHECK(results.next().value().second.value() == 1);
  for (const std::size_t i : {0U, 2U}) {
    const auto item = results.next();
    REQUIRE(item);
    CHECK(item->first == i);
    CHECK(item->second.error().code == ErrorCode::invalid_argument);
    CHECK(promises[i].cancels() == 1);
  }
  CHECK_FALSE(results.next());
}

TEST_CASE("A callback may drop an as_completed whose call just became ready in another callback") {
  Promise<int> first;
  Promise<int> second;
  std::vector<Future<int>> calls;
  calls.push_back(first.future().then([](Result<int> result) { return *result; }));
  auto results = as_completed(std::move(calls));
  auto dropping = second.future().then([&](Result<int>) { auto dropped = std::move(results); });
  {
    Batch batch;
    first.complete(1, batch);
    second.complete(2, batch);
  }
  CHECK(dropping.wait());
  CHECK(results.left() == 0);
}

TEST_CASE("S41: batches from two threads and dropped ranges at any moment leave nothing behind") {
  for (int round = 0; round < 200; ++round) {
    std::vector<Promise<int>> promises(16);
    auto results = as_completed(futures_of(promises));
    std::vector<std::thread> completers;
    for (std::size_t part = 0; part < 2; ++part)
      completers.emplace_back([&, part] {
        for (std::size_t half = 0; half < 2; ++half) {
          Batch batch;
          for (std::size_t i = 0; i < 4; ++i)
            promises[part * 8 + half * 4 + i].complete(static_cast<int>(i), batch);
        }
      });
    for (int taken = 0; taken < round % 17; ++taken) CHECK(results.next());
    {
      auto dropped = std::move(results);
    }
    for (std::thread& completer : completers) completer.join();
  }
}
