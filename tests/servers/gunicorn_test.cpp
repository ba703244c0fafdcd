// headrace against gunicorn's gthread worker. It reads what has come into a buffer, answers the
// first request in it, and then waits for the socket to become readable, although the next request
// is in its hands: a pipeline stalls until one more request comes, and with it all are answered.

#include "tests/servers/python_server.hpp"
#include "tests/support/patience.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// A worker that does not end is killed by its parent well before the test loses its patience, and
// would leave it behind.
std::vector<std::string> gunicorn() {
  return {"-m",
          "gunicorn",
          "--worker-class=gthread",
          "--threads=4",
          "--bind=fd://0",
          "--graceful-timeout=5",
          "application:application"};
}

}  // namespace

TEST_CASE("gunicorn: pipelines that stall are learned from, and 200 GETs are right", "[S22][S48]") {
  if (!PythonServer::available()) return;
  const PythonServer server(gunicorn());
  Engine engine({.connections_max = GENERATE(1U, 4U),
                 .pipeline_depth = 8,
                 .timeout = patience,
                 .hang_timeout = std::chrono::milliseconds(200)});
  const Fetched fetched = get_paths(engine, server, 200);
  CAPTURE(server.output());
  CHECK(fetched == Fetched{.right = 200});
  const OriginStats learned = engine.stats().origins.at(0);
  CHECK(learned.capability == "off");
  CHECK(learned.counters.hung > 0);
}
