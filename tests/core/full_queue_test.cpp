#include "tests/core/one_connection.hpp"

using namespace headrace;

TEST_CASE("S27: the queue's bound is not for what a connection has room for") {
  test::OneConnection one({.connections_max = 1, .queue_requests_max = 1});
  one.submit();
  one.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  // A batch is placed when it is whole: till then its requests wait, though not for room.
  const std::size_t room = Options{}.pipeline_depth;
  for (std::size_t i = 0; i < room + 1; ++i) REQUIRE(one.enqueue());
  const auto over = one.enqueue();
  REQUIRE_FALSE(over);
  CHECK(over.error().code == ErrorCode::queue_full);
}
