#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "headrace/future.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::Error;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::detail::AfterBatch;
using headrace::detail::Batch;
using headrace::test::Promise;

TEST_CASE("then on a ready future calls at once, on this thread") {
  Promise<int> promise;
  Future<int> source = promise.future();
  promise.complete(20);
  std::thread::id where;
  Future<int> twice = source.then([&](Result<int> result) {
    where = std::this_thread::get_id();
    return *result * 2;
  });
  CHECK_FALSE(source.valid());
  CHECK(where == std::this_thread::get_id());
  CHECK(twice.ready());
  CHECK(twice.get() == 40);
}

TEST_CASE("then on an unready future calls once, on the completing thread") {
  Promise<int> promise;
  int calls = 0;
  std::thread::id where;
  Future<std::string> text = promise.future().then([&](Result<int> result) {
    ++calls;
    where = std::this_thread::get_id();
    return std::to_string(*result);
  });
  CHECK(calls == 0);
  std::thread completer([&] { promise.complete(6); });
  const std::thread::id completing = completer.get_id();
  CHECK(text.get() == "6");
  completer.join();
  CHECK(calls == 1);
  CHECK(where == completing);
}

TEST_CASE("A callback may return a value, a Result or nothing") {
  const auto value = [](Result<int>) { return 1L; };
  const auto result = [](Result<int>) -> Result<std::string> {
    return std::unexpected(Error{.code = ErrorCode::cancelled});
  };
  const auto nothing = [](Result<int>) {};
  Promise<int> promises[3];
  auto first = promises[0].future().then(value);
  auto second = promises[1].future().then(result);
  auto third = promises[2].future().then(nothing);
  STATIC_REQUIRE(std::is_same_v<decltype(first), Future<long>>);
  STATIC_REQUIRE(std::is_same_v<decltype(second), Future<std::string>>);
  STATIC_REQUIRE(std::is_same_v<decltype(third), Future<void>>);
  for (Promise<int>& promise : promises) promise.complete(0);
  CHECK(first.get() == 1);
  CHECK(second.wait().error().code == ErrorCode::cancelled);
  CHECK(third.wait());
}

TEST_CASE("A callback's exception becomes an Error of its future alone") {
  Promise<int> promise;
  Future<int> broken = promise.future().then(
      [](Result<int>) -> int { throw std::runtime_error("no such machine"); });
  Promise<int> other;
  Future<int> passed_on = other.future().then([](Result<int>) -> int {
    throw headrace::Exception({.code = ErrorCode::timed_out, .attempts = 2});
  });
  Promise<int> odd;
  Future<int> thrown_int = odd.future().then([](Result<int>) -> int { throw 1; });
  promise.complete(1);
  other.complete(1);
  odd.complete(1);
  const Error error = broken.wait().error();
  CHECK(error.code == ErrorCode::internal);
  CHECK(error.detail == "a callback threw: no such machine");
  CHECK(passed_on.wait().error() == Error{.code = ErrorCode::timed_out, .attempts = 2});
  CHECK(thrown_int.wait().error().code == ErrorCode::internal);
}

TEST_CASE("A chain of callbacks passes results, errors and cancels along") {
  Promise<int> promise;
  std::vector<int> order;
  Future<int> end = promise.future()
                        .then([&](Result<int> result) {
                          order.push_back(1);
                          return result;
                        })
                        .then([&](Result<int> result) {
                          order.push_back(2);
                          return result;
                        });
  end.cancel();
  CHECK(promise.cancels() == 1);
  promise.fail(ErrorCode::cancelled);
  CHECK(end.wait().error().code == ErrorCode::cancelled);
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("Dropping the future of a then cancels the call; the callback still runs") {
  Promise<int> promise;
  bool called = false;
  {
    auto dropped = promise.future().then([&](Result<int>) { called = true; });
  }
  CHECK(promise.cancels() == 1);
  promise.fail(ErrorCode::cancelled);
  CHECK(called);
}

TEST_CASE("A detached then runs with nobody looking") {
  Promise<int> promise;
  int seen = 0;
  promise.future().then([&](Result<int> result) { seen = *result; }).detach();
  CHECK(promise.cancels() == 0);
  promise.complete(11);
  CHECK(seen == 11);
}

TEST_CASE("What a callback captured is gone when its future is ready") {
  Promise<int> promise;
  auto held = std::make_shared<int>(1);
  auto done = promise.future().then([held](Result<int>) {});
  CHECK(held.use_count() == 2);
  promise.complete(0);
  CHECK(done.ready());
  CHECK(held.use_count() == 1);
}

TEST_CASE("then on an invalid future calls back with an Error") {
  Future<int> invalid;
  auto code = invalid.then([](Result<int> result) { return result.error().code; });
  CHECK(code.get() == ErrorCode::invalid_argument);
}

TEST_CASE("Callbacks of a batch run after all its results are stored, in order of completion") {
  Promise<int> promises[3];
  std::vector<Future<int>> plain;
  std::vector<int> order;
  std::vector<Future<void>> done;
  Future<int> last = promises[2].future();
  for (int i = 0; i < 2; ++i)
    done.push_back(promises[i].future().then([&, i](Result<int>) {
      CHECK(last.ready());
      order.push_back(i);
    }));
  Batch batch;
  for (const int i : {1, 0, 2}) promises[i].complete(i, batch);
  CHECK(order.empty());
  batch.deliver();
  CHECK(order == std::vector{1, 0});
}

TEST_CASE("A result that its callback only looked at is gone when that has returned") {
  struct Large {  // as a Response is, for which there is room on the heap only
    std::shared_ptr<int> held;
    std::array<char, 300> rest = {};
  };
  Promise<Large> promise;
  const auto held = std::make_shared<int>(1);
  const Future<int> next =
      promise.future().then([](const Result<Large>& result) { return *result->held; });
  promise.complete(Large{.held = held});
  CHECK(next.ready());
  CHECK(held.use_count() == 1);
}

TEST_CASE("what callbacks want after their batch is done once, behind the last of them") {
  struct Ring final : AfterBatch {
    void after_batch() noexcept override { order.push_back(0); }
    std::vector<int> order;
  };
  Ring ring;
  std::array<Promise<int>, 3> promises;
  Promise<int> another;
  std::vector<Future<void>> calls;
  for (int number = 0; auto& promise : promises)
    calls.push_back(promise.future().then([&, i = ++number](Result<int>) {
      ring.order.push_back(i);
      if (i == 1) another.complete(4);  // a batch of its own, within
    }));
  calls.push_back(another.future().then([&](Result<int> result) {
    ring.order.push_back(*result);
    CHECK(Batch::call_after(ring));
  }));
  Batch batch;
  for (auto& promise : promises) promise.complete(0, batch);
  batch.deliver();
  CHECK(ring.order == std::vector{1, 4, 2, 3, 0});
  CHECK_FALSE(Batch::call_after(ring));
}
