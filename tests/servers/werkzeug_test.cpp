// headrace against Werkzeug's own server, which announces the end of the connection in every
// answer, and then leaves it to the client to close.

#include "tests/servers/python_server.hpp"
#include "tests/support/patience.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("Werkzeug: 200 GETs are right, a connection for each", "[S11][S48]") {
  if (!PythonServer::available()) return;
  const PythonServer server({HEADRACE_SOURCE_DIR "/tests/servers/python/serve_werkzeug.py"});
  Engine engine({.connections_max = GENERATE(1U, 4U), .pipeline_depth = 8, .timeout = patience});
  const Fetched fetched = get_paths(engine, server, 200);
  CAPTURE(server.output());
  CHECK(fetched == Fetched{.right = 200});
  const Counters counters = engine.stats().origins.at(0).counters;
  CHECK(counters.opened == 200);
  CHECK(counters.written == 200);
}
