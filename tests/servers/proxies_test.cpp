// headrace against nginx by way of real proxies, and by a Unix socket.

#include "tests/servers/traffic.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/proxy_program.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::size_t count = 1'000;

Options by(const WebServer& server, const Proxy& proxy) {
  Options options = five_by_five(server);
  options.http_proxy = options.https_proxy = proxy;
  return options;
}

// One for all tests: it takes two seconds to start and to end.
const Squid& squid() {
  static const Squid started;
  return started;
}

// All right, and seen by the server as often as the engine wrote them.
Tally check_all(const Options& options, Nginx& server, Scheme scheme) {
  Tally tally;
  std::size_t again = 0;
  {
    Engine engine(options);
    tally = get_files(engine, server, scheme, count);
    again = written_again(engine);
  }
  CHECK(tally.right == count);
  CHECK(tally.wrong == std::vector<std::string>());
  server.stop();
  CHECK(server.log().size() >= count);
  CHECK(server.log().size() <= count + again);
  return tally;
}

Error refusal(const Options& options, const Nginx& server) {
  Engine engine(options);
  const auto result = engine.get(server.secure_url("/")).wait();
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("squid: 1,000 GETs over 5 x 5 are all right, in absolute-form and by CONNECT") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  const Tally tally = check_all(by(server, {.url = squid().url("http")}), server, scheme);
  CHECK(tally.connections.size() == 5);
}

TEST_CASE("tinyproxy: 1,000 GETs over 5 x 5 are all right, in absolute-form and by CONNECT") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  const Tinyproxy tinyproxy(true);
  const Proxy proxy{.url = tinyproxy.url("http"), .user = "me", .password = "secret"};
  const Tally tally = check_all(by(server, proxy), server, scheme);
  // It ends a connection after one answer in absolute-form, and cares for nothing in a tunnel.
  CHECK(tally.connections.size() == (scheme == Scheme::http ? count : 5));
}

TEST_CASE("tinyproxy: credentials it wants and does not get, or does not know") {
  const Nginx server;
  const Tinyproxy tinyproxy(true);
  const Error none = refusal(by(server, {.url = tinyproxy.url("http")}), server);
  CHECK(none.code == ErrorCode::proxy_failed);
  CHECK(none.detail.contains("it wants a user and a password"));
  const Error wrong = refusal(
      by(server, {.url = tinyproxy.url("http"), .user = "me", .password = "wrong"}), server);
  CHECK(wrong.code == ErrorCode::proxy_failed);
  CHECK_FALSE(to_string(wrong).contains("wrong"));
}

TEST_CASE("dante: 1,000 GETs over 5 x 5 by SOCKS5 are all right, http and https") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  const Dante dante;
  const Tally tally = check_all(by(server, {.url = dante.url("socks5h")}), server, scheme);
  CHECK(tally.connections.size() == 5);
}

TEST_CASE("microsocks: 1,000 GETs with a user and a password; without, or the wrong, none") {
  Nginx server;
  const Microsocks microsocks;
  const std::string url = microsocks.url("socks5");
  CHECK(refusal(by(server, {.url = url}), server).code == ErrorCode::proxy_failed);
  const Error wrong = refusal(by(server, {.url = url, .user = "me", .password = "wrong"}), server);
  CHECK(wrong.code == ErrorCode::proxy_failed);
  CHECK(wrong.detail.ends_with("does not accept the user and password"));
  check_all(by(server, {.url = url, .user = "me", .password = "secret"}), server, Scheme::https);
}

TEST_CASE("an https proxy, HAProxy's TLS before squid: 1,000 GETs, TLS in TLS included") {
  const Scheme scheme = GENERATE(Scheme::http, Scheme::https);
  Nginx server;
  const Certificates authority;
  const auto files = authority.issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  const TlsFront front(squid().port(), files.chain_file, files.key_file);
  Proxy proxy{.url = front.url("https")};
  CHECK(refusal(by(server, proxy), server).code == ErrorCode::tls_failed);
  proxy.tls.ca_file = authority.ca_file();
  check_all(by(server, proxy), server, scheme);
}

TEST_CASE("1,000 GETs over 5 x 5 by a Unix socket of HAProxy's are all right") {
  Nginx server;
  const std::string url = server.url("");
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const HaproxySocket haproxy(port);
  Options options = five_by_five(server);
  options.unix_socket = haproxy.socket();
  CHECK(check_all(options, server, Scheme::http).connections.size() == 5);
}
