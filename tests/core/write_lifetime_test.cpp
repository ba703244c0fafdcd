#include <string>
#include <utility>
#include <variant>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

TEST_CASE("the bytes of a Write stay until the shell has heard of the connection's Close") {
  constexpr Instant now{};
  Core core(Options{}, 1);
  auto prepared = http::prepare(
      {.method = "POST", .url = "http://h/", .body = std::string(500, 'x')}, http::Base{}, false);
  REQUIRE(prepared.has_value());
  REQUIRE(core.submit(now, {.prepared = *std::move(prepared)}).has_value());
  const auto dial = core.next_action();
  REQUIRE(dial.has_value());
  const ConnectionId id = std::get<Dial>(*dial).connection;
  core.on_dialled(now, id, {});
  const auto write = core.next_action();
  REQUIRE(write.has_value());
  const Bytes bytes = std::get<Write>(*write).bytes;
  const std::string copy(bytes);

  core.on_written(now, id, 10);
  core.on_received(now, id, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");  // too early: desync
  CHECK(bytes == copy);
  const auto close = core.next_action();
  REQUIRE(close.has_value());
  CHECK(std::holds_alternative<Close>(*close));
  CHECK(bytes == copy);
}
