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

http::Prepared prepared() {
  return http::prepare({.url = "http://h/"}, http::Base{}, false).value();
}

// A core with one request that was answered 503 and waits to be asked again.
class Paused {
 public:
  explicit Paused(const Options& options, std::size_t behind = 0) : core_(options, 1) {
    exchange = submit().value();
    const auto dial = core_.next_action();
    const ConnectionId connection = std::get<Dial>(dial.value()).connection;
    core_.on_dialled(start, connection, {});
    const auto write = core_.next_action();
    core_.on_written(start, connection, std::get<Write>(write.value()).bytes.size());
    for (std::size_t i = 0; i < behind; ++i) submit().value();
    core_.on_received(start, connection,
                      "HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    while (core_.next_action()) {
    }
    REQUIRE(core_.take_completions().empty());
  }

  Result<ExchangeId> submit() { return core_.submit(start, {.prepared = prepared()}); }

  Core& core() { return core_; }
  OriginStats stats() const { return core_.stats().origins.at(0); }

  ExchangeId exchange;

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
  const std::size_t bytes = prepared().bytes();
  Options options{.retry_statuses = {503}};
  // Behind the one that waits there is room for so many and no more.
  const auto check_room = [&](std::size_t room, std::size_t behind = 0) {
    Paused paused(options, behind);
    for (std::size_t i = 0; i < room; ++i) CHECK(paused.submit().has_value());
    const Result<ExchangeId> over = paused.submit();
    REQUIRE_FALSE(over);
    CHECK(over.error().code == ErrorCode::queue_full);
  };
  SECTION("in count") {
    options.queue_requests_max = 1;
    check_room(0);
  }
  SECTION("in bytes") {
    options.queue_bytes_max = 2 * bytes - 1;
    check_room(0);
  }
  SECTION("in bytes, up to the last") {
    options.queue_bytes_max = 2 * bytes;
    check_room(1);
  }
  SECTION("in bytes, though with it there are more than may be") {
    options.queue_bytes_max = bytes;
    check_room(0, 1);
  }
}
