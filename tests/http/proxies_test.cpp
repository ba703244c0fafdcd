#include "engine/http/proxies.hpp"

#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

namespace headrace::http {
namespace {

const Origin plain{.tls = false, .host = "cloud.example", .port = 80};
const Origin secure{.tls = true, .host = "cloud.example", .port = 443};

Proxies proxies_of(const Options& options) {
  auto read = Proxies::read(options);
  REQUIRE(read);
  return *std::move(read);
}

std::string found(const Options& options, const Origin& origin) {
  const Proxies proxies = proxies_of(options);
  const ProxyServer* proxy = proxies.find(origin);
  return proxy == nullptr ? "none" : to_string(*proxy);
}

std::string refusal(const Proxy& proxy) {
  const auto read = Proxies::read({.http_proxy = proxy});
  return read ? "accepted" : read.error().detail;
}

// What a request for that URL looks like where these are the proxies.
std::string wire(const Options& options, const Request& request) {
  auto proxies = std::make_shared<const Proxies>(proxies_of(options));
  const auto prepared = prepare(request, parse_base("", std::move(proxies)).value(), false);
  return prepared ? prepared->text() : prepared.error().detail;
}

TEST_CASE("a proxy's URL has one of four schemes, and their ports") {
  const auto as_read = [](const char* url) {
    return to_string(**read_proxy({.url = url}, "option http_proxy"));
  };
  CHECK(as_read("http://p") == "http://p:80");
  CHECK(as_read("HTTPS://P/") == "https://p:443");
  CHECK(as_read("socks5://p") == "socks5://p:1080");
  CHECK(as_read("socks5h://[::1]") == "socks5h://[::1]:1080");
  CHECK(as_read("socks5h://[::1]:9") == "socks5h://[::1]:9");
  CHECK(as_read("http://127.0.0.1:3128") == "http://127.0.0.1:3128");
  CHECK(*read_proxy({}, "option http_proxy") == nullptr);
}

TEST_CASE("what is no proxy is refused, without repeating a credential") {
  CHECK(refusal({.url = "p:3128"}) == refusal({.url = "socks4://p"}));
  CHECK(refusal({.url = "p:3128"}) ==
        "option http_proxy.url does not begin with http://, https://, socks5:// or socks5h://");
  CHECK(refusal({.url = "http://me:secret@p"}) ==
        "option http_proxy.url has a user name or password: give them as user and password");
  CHECK(refusal({.url = "http://p/path"}) ==
        "option http_proxy.url has more than scheme, host and port");
  CHECK(refusal({.url = "http://p:0"}).starts_with("option http_proxy.url: "));
  CHECK(refusal({.url = "http://"}).starts_with("option http_proxy.url: "));
  CHECK(refusal({.url = "http://p", .user = "a:b"}).contains("a colon"));
  CHECK(refusal({.url = "http://p", .user = "a\r\nX: y"}).contains("a control character"));
  CHECK(refusal({.url = "http://p", .password = std::string(256, 'x')}).contains("255 bytes"));
  CHECK(refusal({.url = "socks5://p", .user = "me"}).contains("or neither"));
  CHECK(refusal({.url = "socks5://p", .user = "a:b", .password = "c"}) == "accepted");
  CHECK(refusal({.url = "http://p", .user = "me"}) == "accepted");
  const auto both = Proxies::read(
      {.origins = {
           {.origin = "http://a", .unix_socket = "/run/a", .proxy = Proxy{.url = "http://p"}}}});
  CHECK(both.error().detail ==
        "option origins[0].proxy: the origin has a unix_socket too: give one of them");
}

TEST_CASE("an origin's proxy is its own, or else its scheme's where no_proxy does not name it") {
  Options options;
  CHECK(proxies_of(options).none());
  options.http_proxy.url = "http://p";
  CHECK_FALSE(proxies_of(options).none());
  CHECK(found(options, plain) == "http://p:80");
  CHECK(found(options, secure) == "none");
  options.https_proxy.url = "socks5://q";
  CHECK(found(options, secure) == "socks5://q:1080");
  options.no_proxy = "example";
  CHECK(found(options, plain) == "none");
  CHECK(found(options, secure) == "none");
  options.origins = {{.origin = "https://cloud.example", .proxy = Proxy{.url = "https://own"}}};
  CHECK(found(options, secure) == "https://own:443");
  CHECK(found(options, plain) == "none");
  options.no_proxy = "";
  options.origins = {{.origin = "https://cloud.example", .proxy = Proxy{}},
                     {.origin = "http://cloud.example", .unix_socket = "/run/a"}};
  CHECK(found(options, secure) == "none");
  CHECK(found(options, plain) == "none");
  CHECK(found(options, {.tls = true, .host = "other", .port = 443}) == "socks5://q:1080");
  options.unix_socket = "/run/all";
  CHECK(found(options, {.tls = true, .host = "other", .port = 443}) == "none");
}

TEST_CASE("to a proxy a plain http request goes in absolute-form, with the proxy's credentials") {
  const Options options{.http_proxy = {.url = "http://p", .user = "me", .password = "secret"}};
  const std::string agent(user_agent_line);
  CHECK(wire(options, {.url = "http://Cloud.example?q#f"}) ==
        "GET http://cloud.example/?q HTTP/1.1\r\nHost: cloud.example\r\n" + agent +
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
  CHECK(wire(options, {.method = "POST",
                       .url = "http://[::1]:8080/a",
                       .headers = {{"X", "y"}},
                       .body = "body"}) ==
        "POST http://[::1]:8080/a HTTP/1.1\r\nHost: [::1]:8080\r\nX: y\r\n" + agent +
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\nContent-Length: 4\r\n\r\nbody");
}

TEST_CASE("what goes through a tunnel, or straight, says nothing of a proxy") {
  const std::string agent(user_agent_line);
  const std::string straight = "GET /a HTTP/1.1\r\nHost: cloud.example\r\n" + agent + "\r\n";
  const Proxy http{.url = "http://p", .user = "me", .password = "secret"};
  const Proxy socks{.url = "socks5h://p", .user = "me", .password = "secret"};
  CHECK(wire({.https_proxy = http}, {.url = "https://cloud.example/a"}) == straight);
  CHECK(wire({.http_proxy = socks}, {.url = "http://cloud.example/a"}) == straight);
  CHECK(wire({.http_proxy = http, .no_proxy = "cloud.example"},
             {.url = "http://cloud.example/a"}) == straight);
}

TEST_CASE("a request's own Proxy-Authorization is refused where there is a proxy") {
  const Request request{.url = "https://cloud.example/",
                        .headers = {{"proxy-authorization", "Basic bWU6c2VjcmV0"}}};
  CHECK(wire({.https_proxy = {.url = "http://p"}}, request).contains("is the engine's to write"));
  CHECK(wire({.http_proxy = {.url = "http://p"}}, request).contains("proxy-authorization: Basic"));
}

TEST_CASE("engines that share a thread don't share what is remembered of proxies") {
  OriginMemo memo;
  const auto line = [&](const Options& options) {
    auto proxies = std::make_shared<const Proxies>(proxies_of(options));
    const Base base = parse_base("", std::move(proxies)).value();
    Prepared prepared;
    REQUIRE(prepare({.url = "http://h/"}, base, false, memo, prepared));
    const std::string wire = prepared.text();
    return wire.substr(0, wire.find(" HTTP"));
  };
  for (int i = 0; i < 3; ++i) {
    CHECK(line({}) == "GET /");
    CHECK(line({.http_proxy = {.url = "http://p"}}) == "GET http://h/");
    CHECK(line({.http_proxy = {.url = "http://p"}, .no_proxy = "h"}) == "GET /");
  }
}

}  // namespace
}  // namespace headrace::http
