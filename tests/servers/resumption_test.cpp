// How many of a hundred connections are resumed, as the servers count them.

#include "tests/servers/openssl_server.hpp"
#include "tests/servers/traffic.hpp"
#include "tests/support/nginx.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::size_t repeated = 100;
constexpr std::size_t resumed_least = 99;

// Handshakes of this kind, "TLSv1.3-r-" or "TLSv1.3-.-", in a log with a line a connection.
std::size_t count(const Nginx& server, const std::string& handshake) {
  std::size_t found = 0;
  for (const auto& words : server.log())
    if (words.at(4) + words.at(5) == handshake) ++found;
  return found;
}

}  // namespace

TEST_CASE("S39: of 100 connections to nginx after the first, 99 are resumed", "[S39]") {
  const auto [version, tickets] = GENERATE(
      table<const char*, bool>({{"TLSv1.2", true}, {"TLSv1.2", false}, {"TLSv1.3", true}}));
  INFO(version << (tickets ? ", tickets" : ", by the server's cache"));
  Nginx server({.keepalive_requests = 1, .tls_versions = version, .tickets = tickets});
  {
    Options options = five_by_five(server);
    options.connections_max = 1;
    Engine engine(options);
    CHECK(get_files(engine, server, Scheme::https, 1 + repeated).right == 1 + repeated);
  }
  server.stop();
  REQUIRE(server.log().size() == 1 + repeated);
  CHECK(count(server, std::string(version) + "-r-") >= resumed_least);
}

TEST_CASE("S39: five connections at a time are resumed as well, once the first five were there",
          "[S39]") {
  const auto version = GENERATE(as<std::string>(), "TLSv1.2", "TLSv1.3");
  Nginx server({.keepalive_requests = 1, .tls_versions = version});
  {
    Engine engine(five_by_five(server));
    CHECK(get_files(engine, server, Scheme::https, 5 + repeated).right == 5 + repeated);
  }
  server.stop();
  REQUIRE(server.log().size() == 5 + repeated);
  CHECK(count(server, version + "-r-") >= resumed_least);
}

TEST_CASE("S39: of 100 connections to openssl s_server after the first, 99 are resumed", "[S39]") {
  const auto [option, version] =
      GENERATE(table<const char*, const char*>({{"-tls1_2", "TLSv1.2"}, {"-tls1_3", "TLSv1.3"}}));
  const Certificates certificates;
  const OpensslServer server(certificates, option);
  Options options{.connections_max = 1};
  options.tls.ca_file = certificates.ca_file();
  Engine engine(options);
  std::size_t resumed = 0;
  for (std::size_t i = 0; i < 1 + repeated; ++i) {
    const Response page = engine.get(server.url()).get();
    REQUIRE(page.status == 200);
    if (page.body.find("Reused, " + std::string(version)) != std::string::npos) ++resumed;
    CHECK((page.body.find("New, " + std::string(version)) != std::string::npos) == (i == 0));
  }
  CHECK(resumed >= resumed_least);
}
