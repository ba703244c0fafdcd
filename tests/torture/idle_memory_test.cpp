// What a connection holds while nothing happens on it.

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/torture/failing_memory.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("an idle TLS connection holds no buffer for records") {
  const Scenario over_tls{.play = {}, .tls = true};
  const EchoServer server = server_for(over_tls);
  const EchoServer elsewhere = server_for({.play = {}});
  Options options = torture_options();
  options.connections_max = 1;
  Engine engine(options);
  for (int i = 0; i < 3; ++i) {
    const Result<Response> answer = engine.get(server.url("/a")).wait();
    REQUIRE(answer);
    CHECK(answer->body == "/a");
    REQUIRE(engine.get(elsewhere.url("/b")).wait());  // the loop has gone to sleep since
    CHECK(record_buffers_held() == 0);
  }
}
