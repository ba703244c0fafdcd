// S43: what a forked child finds in the futures of before the fork, in whatever way it looks. Their
// producers are Promises, of which nothing comes in the child, as of an engine's thread.

#include <coroutine>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/engine.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked_child.hpp"

using headrace::as_completed;
using headrace::Engine;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Result;
using headrace::when_all;
using headrace::test::first_false;
using headrace::test::ForkedChild;
using headrace::test::Promise;
using namespace std::chrono_literals;

namespace {

template <class T>
bool is_forked(const Result<T>& result) {
  return !result && result.error().code == ErrorCode::forked;
}

// A process notices forks from its first engine on.
struct Engaged {
  Engine engine;
  Promise<int> promise;
  Future<int> future = promise.future();
};

struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
};

Task await_one(Future<int> future, std::optional<Result<int>>& seen) {
  seen = co_await std::move(future);
}

}  // namespace

TEST_CASE("S43: in a child an old future is ready, and waiting for it gives forked") {
  Engaged parent;
  ForkedChild child([&] {
    return first_false({parent.future.ready(), parent.future.wait_for(1h),
                        parent.future.wait_until(std::chrono::system_clock::now() + 1h),
                        is_forked(parent.future.wait()), !parent.future.valid()});
  });
  CHECK(child.wait() == 0);
  CHECK_FALSE(parent.future.ready());
  parent.promise.complete(5);
  CHECK(parent.future.get() == 5);
}

TEST_CASE("S43: in a child get() of an old future throws forked") {
  Engaged parent;
  ForkedChild child([&] {
    try {
      parent.future.get();
      return 1;
    } catch (const headrace::Exception& exception) {
      return exception.error().code == ErrorCode::forked ? 0 : 2;
    }
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: in a child cancelling, dropping and detaching an old future does nothing") {
  Engaged parent;
  Promise<int> other;
  Future<int> dropped = other.future();
  ForkedChild child([&] {
    parent.future.cancel();
    dropped = {};
    parent.future.detach();
    return first_false({parent.promise.cancels() == 0, other.cancels() == 0});
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: then() in a child calls back at once with forked") {
  Engaged parent;
  ForkedChild child([&] {
    bool called = false;
    Future<int> next = parent.future.then([&](Result<int> result) {
      called = is_forked(result);
      return 7;
    });
    return first_false({called, next.ready(), next.get() == 7});
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a callback of before the fork runs in the parent only") {
  Engaged parent;
  int calls = 0;
  Future<int> next = parent.future.then([&](Result<int> result) { return calls += *result; });
  ForkedChild child([&] {
    const bool ready = next.ready();
    return first_false({ready, is_forked(next.wait()), calls == 0});
  });
  CHECK(child.wait() == 0);
  parent.promise.complete(3);
  CHECK(next.get() == 3);
}

TEST_CASE("S43: co_await in a child goes on at once with forked") {
  Engaged parent;
  ForkedChild child([&] {
    std::optional<Result<int>> seen;
    const Task task = await_one(std::move(parent.future), seen);
    const bool done = task.handle.done();
    task.handle.destroy();
    return first_false({done, seen && is_forked(*seen)});
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a coroutine of before the fork goes on in the parent only, and may be destroyed") {
  Engaged parent;
  std::optional<Result<int>> seen;
  const Task task = await_one(std::move(parent.future), seen);
  ForkedChild child([&] {
    task.handle.destroy();
    return first_false({!seen, parent.promise.cancels() == 0});
  });
  CHECK(child.wait() == 0);
  parent.promise.complete(3);
  CHECK(seen);
  task.handle.destroy();
}

TEST_CASE("S43: joins of old futures give what was complete and forked for the rest") {
  Engaged parent;
  Promise<int> done;
  done.complete(1);
  std::vector<Future<int>> calls;
  calls.push_back(std::move(parent.future));
  calls.push_back(done.future());
  calls.emplace_back();
  ForkedChild child([&] {
    const std::vector<Result<int>> all = when_all(std::move(calls)).get();
    return first_false({is_forked(all[0]), all[1] && *all[1] == 1,
                        !all[2] && all[2].error().code == ErrorCode::invalid_argument});
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a join of before the fork is forked as a whole") {
  Engaged parent;
  std::vector<Future<int>> calls;
  calls.push_back(std::move(parent.future));
  auto all = when_all(std::move(calls));
  ForkedChild child([&] { return first_false({all.ready(), is_forked(all.wait())}); });
  CHECK(child.wait() == 0);
  parent.promise.complete(3);
  CHECK(all.get().size() == 1);
}

TEST_CASE("S43: as_completed of before the fork gives every call once") {
  Engaged parent;
  Promise<int> done;
  Promise<int> given;
  std::vector<Future<int>> calls;
  calls.push_back(given.future());
  calls.push_back(std::move(parent.future));
  calls.push_back(done.future());
  calls.emplace_back();
  auto results = as_completed(std::move(calls));
  results.next();  // the empty future's
  given.complete(1);
  results.next();
  done.complete(2);
  ForkedChild child([&] {
    const auto first = results.next();
    const auto second = results.next();
    return first_false({first && first->first == 1, first && is_forked(first->second),
                        second && second->first == 2, second && *second->second == 2,
                        !results.next(), results.left() == 0});
  });
  CHECK(child.wait() == 0);
  CHECK(results.next()->first == 2);
}

TEST_CASE("S43: as_completed of before the fork can be dropped in a child while it waits") {
  Engaged parent;
  std::vector<Future<int>> calls;
  calls.push_back(std::move(parent.future));
  auto results = as_completed(std::move(calls));
  int value = 0;
  std::thread waiter([&] { value = *results.next()->second; });
  for (int i = 0; i < 20; ++i) {
    ForkedChild child([&] {
      results = as_completed(std::vector<Future<int>>{});
      return results.left() == 0 ? 0 : 1;
    });
    CHECK(child.wait() == 0);
  }
  parent.promise.complete(3);
  waiter.join();
  CHECK(value == 3);
}
