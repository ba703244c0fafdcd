#include <string>
#include <utility>
#include <variant>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

namespace {

constexpr Instant start{};

// A core with one request that was answered 503 and waits to be asked again.
class Paused {
 public:
  explicit Paused(const Options& options) : core_(options, 1) {
    exchange = submit().value();
    const auto dial = core_.next_action();
    const ConnectionId connection = std::get<Dial>(dial.value()).connection;
    core_.on_dialled(start, connection, {});
    const auto write = core_.next_action();
    core_.on_written(start, connection, std::get<Write>(write.value()).bytes.size());
    core_.on_received(start, connection, "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n");
    while (core_.next_action()) {
    }
    REQUIRE(core_.take_completions().empty());
  }

  Result<ExchangeId> submit() {
    auto prepared = http::prepare({.url = "http://h/"}, http::Base{}, false);
    bytes = prepared->bytes();
    return core_.submit(start, {.prepared = *std::move(prepared)});
  }

  Core& core() { return core_; }
  OriginStats stats() const { return core_.stats().origins.at(0); }

  ExchangeId exchange;
  std::size_t bytes = 0;

 private:
  Core core_;
};

}  // namespace

TEST_CASE("S46: a request that waits to be asked again is queued, and gone when it is over") {
  Paused paused({.retry_statuses = {503}});
  CHECK(paused.stats().queued == 1);
  CHECK(paused.stats().in_flight == 0);
  SECTION("cancelled") {
    paused.core().cancel(start, paused.exchange);
    CHECK(paused.core().take_completions().size() == 1);
  }
  SECTION("shut down") {
    paused.core().shut_down(start, Duration::zero());
    CHECK(paused.core().take_completions().size() == 1);
  }
  CHECK(paused.stats().queued == 0);
  CHECK(paused.stats().in_flight == 0);
}

TEST_CASE("S27: a request that waits to be asked again counts for the queue's bounds") {
  SECTION("in count") {
    Paused paused({.retry_statuses = {503}, .queue_requests_max = 1});
    CHECK(paused.submit().error().code == ErrorCode::queue_full);
  }
  SECTION("in bytes") {
    Paused paused({.retry_statuses = {503}, .queue_bytes_max = 100});
    REQUIRE(2 * paused.bytes > 100);
    REQUIRE(paused.bytes <= 100);
    CHECK(paused.submit().error().code == ErrorCode::queue_full);
  }
}
