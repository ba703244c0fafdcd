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

TEST_CASE("Apache: later connections resume the first one's TLS session", "[S39]") {
  Apache server({.keepalive_requests_max = 1});
  {
    Options options = five_by_five(server);
    options.connections_max = 1;
    Engine engine(options);
    CHECK(get_files(engine, server, Scheme::https, 6).right == 6);
  }
  server.stop();
  std::vector<std::string> handshakes;
  for (const auto& words : server.log()) handshakes.push_back(words.at(4));
  REQUIRE(handshakes.size() == 6);
  CHECK(handshakes.front() == "Initial");
  CHECK(handshakes.back() == "Resumed");
}
