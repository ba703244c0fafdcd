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
  Options options = torture_options();
  options.connections_max = 1;
  Engine engine(options);
  for (int i = 0; i < 3; ++i) {
    const Result<Response> answer = engine.get(server.url("/a")).wait();
    REQUIRE(answer);
    CHECK(answer->body == "/a");
    CHECK(record_buffers_held() == 0);
  }
}
