#include "headrace/future.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "engine/api/loop_thread.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::test::Promise;
using namespace std::chrono_literals;

TEST_CASE("A default future is invalid, never ready, and says so when it is used") {
  Future<int> future;
  CHECK_FALSE(future.valid());
  CHECK_FALSE(future.ready());
  CHECK_FALSE(future.wait_for(0ms));
  future.cancel();
  const Result<int> result = future.wait();
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("wait moves the result out and leaves the future invalid") {
  Promise<std::unique_ptr<int>> promise;
  Future<std::unique_ptr<int>> future = promise.future();
  CHECK(future.valid());
  CHECK_FALSE(future.ready());
  promise.complete(std::make_unique<int>(7));
  CHECK(future.ready());
  Result<std::unique_ptr<int>> result = future.wait();
  REQUIRE(result);
  CHECK(**result == 7);
  CHECK_FALSE(future.valid());
  CHECK(future.wait().error().code == ErrorCode::invalid_argument);
}

TEST_CASE("get gives the value, or throws the Error as an Exception") {
  Promise<int> good;
  Future<int> value = good.future();
  good.complete(5);
  CHECK(value.get() == 5);

  Promise<int> bad;
  Future<int> error = bad.future();
  bad.fail(ErrorCode::timed_out);
  try {
    error.get();
    FAIL("get returned");
  } catch (const headrace::Exception& exception) {
    CHECK(exception.error().code == ErrorCode::timed_out);
  }
}

TEST_CASE("A future of void completes too") {
  Promise<void> promise;
  Future<void> future = promise.future();
  promise.complete({});
  CHECK_NOTHROW(future.get());
  CHECK_FALSE(future.valid());
}

TEST_CASE("S41: a timed wait leaves the future usable") {
  Promise<int> promise;
  Future<int> future = promise.future();
  CHECK_FALSE(future.wait_for(0ms));
  CHECK_FALSE(future.wait_for(1us));
  CHECK_FALSE(future.wait_until(std::chrono::steady_clock::now()));
  CHECK_FALSE(future.wait_until(std::chrono::system_clock::now() - 1h));
  promise.complete(3);
  CHECK(future.wait_for(0ms));
  CHECK(future.wait_for(std::chrono::hours::max()));
  CHECK(future.wait_for(-1s));
  CHECK(promise.cancels() == 0);
  CHECK(future.wait().value() == 3);
}

TEST_CASE("S41: a waiting thread wakes whether the result comes before, while or after it waits") {
  for (int round = 0; round < 300; ++round) {
    Promise<int> promise;
    Future<int> future = promise.future();
    std::thread completer([&] { promise.complete(round); });
    if (round % 3 == 1) CHECK(future.wait_for(1h));
    if (round % 3 == 2) std::ignore = future.wait_for(1us);
    CHECK(future.wait().value() == round);
    completer.join();
  }
}

TEST_CASE("cancel asks, and the answer wins when it was first") {
  Promise<int> promise;
  Future<int> future = promise.future();
  future.cancel();
  CHECK(promise.cancels() == 1);
  CHECK_FALSE(future.ready());
  promise.complete(9);
  future.cancel();
  CHECK(promise.cancels() == 1);
  CHECK(future.wait().value() == 9);
}

TEST_CASE("Dropping an unready future cancels, dropping a ready one does not") {
  Promise<int> unready;
  {
    Future<int> future = unready.future();
  }
  CHECK(unready.cancels() == 1);
  unready.complete(1);  // nobody looks

  Promise<int> ready;
  {
    Future<int> future = ready.future();
    ready.complete(1);
  }
  CHECK(ready.cancels() == 0);
}

TEST_CASE("Assigning over an unready future cancels the old one only") {
  Promise<int> first;
  Promise<int> second;
  Future<int> future = first.future();
  future = second.future();
  CHECK(first.cancels() == 1);
  CHECK(second.cancels() == 0);
  second.complete(2);
  CHECK(future.get() == 2);
}

TEST_CASE("A detached future lets the call run on") {
  Promise<int> promise;
  Future<int> future = promise.future();
  future.detach();
  CHECK_FALSE(future.valid());
  CHECK(promise.cancels() == 0);
  promise.complete(1);
}

TEST_CASE("Waiting on a loop's thread is refused when it would block, and the future stays") {
  Promise<int> promise;
  Future<int> future = promise.future();
  const headrace::api::LoopThread mark(&promise);
  const Result<int> refused = future.wait();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().detail.find("then()") != std::string::npos);
  CHECK_FALSE(future.wait_for(1h));
  CHECK(future.valid());
  CHECK(promise.cancels() == 0);
  promise.complete(4);
  CHECK(future.wait().value() == 4);
}

TEST_CASE("S41: one future's failure changes no other's") {
  Promise<int> failing;
  Promise<int> fine;
  Future<int> first = failing.future();
  Future<int> second = fine.future();
  failing.fail(ErrorCode::connection_lost);
  CHECK(first.wait().error().code == ErrorCode::connection_lost);
  CHECK_FALSE(second.ready());
  fine.complete(8);
  CHECK(second.wait().value() == 8);
}
