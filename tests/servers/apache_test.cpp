// headrace against Apache's httpd as the distribution ships it.

#include "tests/support/apache.hpp"

#include "tests/servers/traffic.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("Apache: 10,000 GETs over 5 x 5 are all right, on five connections", "[S2][S26]") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Apache server;
  Engine engine(five_by_five(server));
  const Tally tally = get_files(engine, server, scheme, 10'000);
  CHECK(tally.right == 10'000);
  CHECK(tally.wrong.empty());
  CHECK(tally.connections.size() == 5);
}

TEST_CASE("Apache: a connection closed after a few answers loses nothing", "[S11][S13]") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Apache server({.keepalive_requests_max = 4});
  Engine engine(five_by_five(server));
  const Tally tally = get_files(engine, server, scheme, 1'000);
  CHECK(tally.right == 1'000);
  CHECK(tally.wrong.empty());
  CHECK(tally.connections.size() >= 200);
}

TEST_CASE("Apache: HEAD, 404 and a POST to a file pass among GETs", "[S12]") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Apache server;
  Engine engine(five_by_five(server));
  mix_methods(engine, server, scheme, 200);
}
