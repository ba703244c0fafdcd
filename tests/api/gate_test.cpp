#include "headrace/detail/gate.hpp"

#include <functional>
#include <utility>
#include <vector>

#include "headrace/as_completed.hpp"
#include "tests/api/promise.hpp"
#include "tests/support/catch.hpp"

using headrace::Future;
using headrace::Result;
using headrace::detail::Batch;
using headrace::test::futures_of;
using headrace::test::Promise;

namespace {

// Does something in the middle of a batch that tells its watches.
class Meanwhile final : public headrace::detail::Watch {
 public:
  explicit Meanwhile(std::function<void()> work) : work_(std::move(work)) {}
  void on_ready(Batch&) noexcept override { work_(); }

 private:
  std::function<void()> work_;
};

}  // namespace

TEST_CASE("What a second batch brings to a gate takes no wake-up while the first is to wake it") {
  std::vector<Promise<int>> promises(3);
  auto results = headrace::as_completed(futures_of(promises));
  Promise<int> between;
  const Future<int> watched = between.future();
  Batch first;
  Batch second;
  Meanwhile meanwhile([&] {
    promises[1].complete(1, second);
    second.deliver();
  });
  REQUIRE(watched.state()->subscribe(meanwhile));

  promises[0].complete(0, first);
  between.complete(0, first);
  first.deliver();
  CHECK(second.wakes() == 0);
  CHECK(first.wakes() == 1);
  CHECK(results.next()->first == 0);
  CHECK(results.next()->first == 1);

  promises[2].complete(2, second);  // the gate is no longer the first one's to wake
  second.deliver();
  CHECK(second.wakes() == 1);
  CHECK(results.next()->first == 2);
}
