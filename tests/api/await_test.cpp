#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "headrace/future.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::test::Promise;

namespace {

// The smallest coroutine: starts at once, keeps its frame till it is dropped.
struct Task {
  struct promise_type {
    Task get_return_object() {
      return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };

  explicit Task(std::coroutine_handle<promise_type> its_handle) : handle(its_handle) {}
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { handle.destroy(); }

  std::coroutine_handle<promise_type> handle;
};

struct Seen {
  std::optional<Result<int>> result;
  std::thread::id where;
};

Task await_one(Future<int> future, Seen& seen) {
  Result<int> result = co_await std::move(future);
  seen.where = std::this_thread::get_id();
  seen.result = std::move(result);
}

Task add_two(Future<int> first, Future<int> second, int& sum) {
  const Result<int> one = co_await std::move(first);
  const Result<int> two = co_await std::move(second);
  sum = *one + *two;
}

Task throw_after(Future<int> future) {
  const Result<int> result = co_await std::move(future);
  throw std::runtime_error(result ? "value" : "error");
}

}  // namespace

TEST_CASE("co_await on a ready future goes on at once") {
  Promise<int> promise;
  Future<int> future = promise.future();
  promise.complete(5);
  Seen seen;
  const Task task = await_one(std::move(future), seen);
  REQUIRE(seen.result);
  CHECK(seen.result->value() == 5);
  CHECK(seen.where == std::this_thread::get_id());
}

TEST_CASE("co_await on an unready future resumes on the completing thread") {
  Promise<int> promise;
  Seen seen;
  const Task task = await_one(promise.future(), seen);
  CHECK_FALSE(seen.result);
  std::thread completer([&] { promise.complete(6); });
  const std::thread::id completing = completer.get_id();
  completer.join();
  REQUIRE(seen.result);
  CHECK(seen.result->value() == 6);
  CHECK(seen.where == completing);
}

TEST_CASE("co_await gives an error as a value, also for an invalid future") {
  Promise<int> promise;
  Seen failed;
  const Task task = await_one(promise.future(), failed);
  promise.fail(ErrorCode::timed_out);
  CHECK(failed.result.value().error().code == ErrorCode::timed_out);

  Seen invalid;
  const Task second = await_one({}, invalid);
  CHECK(invalid.result.value().error().code == ErrorCode::invalid_argument);
}

TEST_CASE("A coroutine may await one future after the other, in whatever order they complete") {
  Promise<int> first;
  Promise<int> second;
  int sum = 0;
  const Task task = add_two(first.future(), second.future(), sum);
  second.complete(2);
  CHECK(sum == 0);
  first.complete(40);
  CHECK(sum == 42);
}

TEST_CASE("Destroying a waiting coroutine cancels the call") {
  Promise<int> promise;
  Seen seen;
  {
    const Task task = await_one(promise.future(), seen);
  }
  CHECK(promise.cancels() == 1);
  promise.fail(ErrorCode::cancelled);
  CHECK_FALSE(seen.result);
}

TEST_CASE("What escapes a coroutine does not reach the completing thread") {
  Promise<int> promise;
  const Task task = throw_after(promise.future());
  CHECK_NOTHROW(promise.complete(1));
  CHECK(task.handle.done());
}
