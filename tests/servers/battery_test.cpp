// What every real server is asked, and what they do with it: the table in tests/README.md. One
// server's tests alone: build/dev/tests/test_servers "*<H2o>"

#include "tests/servers/battery.hpp"
#include "tests/servers/caddy.hpp"
#include "tests/servers/fronts.hpp"
#include "tests/servers/h2o.hpp"
#include "tests/servers/lighttpd.hpp"
#include "tests/servers/ways_in.hpp"
#include "tests/support/apache.hpp"

using namespace headrace::test;

TEMPLATE_TEST_CASE("S2, S11, S13, S14: the same is asked of every real server, and nothing is lost",
                   "", Direct<Nginx>, Direct<Apache>, Direct<Lighttpd>, Direct<H2o>, Direct<Caddy>,
                   Direct<Haproxy>, Direct<Varnish>, Direct<Stunnel>, Behind<BySquid>,
                   Behind<ByTinyproxy>, Behind<ByDante>) {
  SECTION("GETs, every method, bodies in chunks") {
    const TestType server;
    for (const Scheme scheme : server.schemes()) {
      INFO(server.row(scheme));
      ask_for_files(server, scheme);
      ask_by_every_method(server, scheme);
      ask_in_chunks(server, scheme);
    }
  }
  SECTION("GETs over connections that end after a few answers") {
    const TestType server(true);
    for (const Scheme scheme : server.schemes()) ask_a_limited_one(server, scheme);
  }
  SECTION("GETs and POSTs, and a reload amid them") {
    TestType server;
    for (const Scheme scheme : server.schemes()) ask_while_it_reloads(server, scheme);
  }
}
