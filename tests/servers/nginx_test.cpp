// headrace against nginx as the distribution ships it.

#include "tests/support/nginx.hpp"

#include "tests/servers/traffic.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::size_t connection_column = 0;

// TLS version and resumption of each connection, in the order they were made.
std::vector<std::string> handshakes(const Nginx& server) {
  std::map<unsigned long, std::string> by_connection;
  for (const auto& words : server.log())
    by_connection.emplace(std::stoul(words.at(connection_column)), words.at(4) + words.at(5));
  std::vector<std::string> out;
  for (const auto& [connection, handshake] : by_connection) out.push_back(handshake);
  return out;
}

}  // namespace

TEST_CASE("nginx: 10,000 GETs over 5 x 5 are all right, on five connections", "[S2][S26]") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  std::size_t again = 0;
  {
    Engine engine(five_by_five(server));
    const Tally tally = get_files(engine, server, scheme, 10'000);
    again = written_again(engine);
    CHECK(tally.right == 10'000);
    CHECK(tally.wrong.empty());
    CHECK(tally.connections.size() == 5);
  }
  server.stop();
  CHECK(server.log().size() >= 10'000);
  CHECK(server.log().size() <= 10'000 + again);
  CHECK(logged(server, connection_column).size() == 5);
}

TEST_CASE("nginx: HEAD, 404 and a refused POST pass among GETs and keep the connections", "[S12]") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  {
    Engine engine(five_by_five(server));
    CHECK(mix_methods(engine, server, scheme) == 405);
  }
  server.stop();
  CHECK(server.log().size() == 160);
  CHECK(logged(server, connection_column).size() <= 5);
}

TEST_CASE("nginx: later connections resume the first one's TLS session", "[S39]") {
  const auto [version, tickets] = GENERATE(
      table<const char*, bool>({{"TLSv1.2", true}, {"TLSv1.2", false}, {"TLSv1.3", true}}));
  Nginx server({.keepalive_requests = 1, .tls_versions = version, .tickets = tickets});
  {
    Options options = five_by_five(server);
    options.connections_max = 1;
    Engine engine(options);
    CHECK(get_files(engine, server, Scheme::https, 4).right == 4);
  }
  server.stop();
  const std::string name = version;
  CHECK(handshakes(server) ==
        std::vector<std::string>{name + "-.-", name + "-r-", name + "-r-", name + "-r-"});
}
