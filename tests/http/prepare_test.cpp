#include "engine/http/prepare.hpp"

#include <string>
#include <utility>

#include "engine/http/limits.hpp"
#include "headrace/version.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;
using namespace std::string_literals;

namespace {

const std::string agent = "User-Agent: headrace/" HEADRACE_VERSION "\r\n";

Prepared prepared(const Request& request, const Base& base = {}, bool put_delete = false) {
  auto result = prepare(request, base, put_delete);
  INFO((result ? "" : result.error().detail));
  REQUIRE(result);
  return std::move(*result);
}

std::string refusal(const Request& request, const Base& base = {}) {
  const auto result = prepare(request, base, false);
  if (result) return "";
  CHECK(result.error().code == ErrorCode::invalid_argument);
  CHECK(result.error().phase == Phase::queue);
  CHECK(result.error().progress == Progress::queued);
  return result.error().detail;
}

bool is_refused(const Request& request) { return !refusal(request).empty(); }

Traits traits(std::string method, Repeat repeat = Repeat::by_method, bool put_delete = false) {
  return prepared({.method = std::move(method), .url = "http://h/", .repeat = repeat}, {},
                  put_delete)
      .traits;
}

Traits traits_with(Headers headers) {
  return prepared({.url = "http://h/", .headers = std::move(headers)}).traits;
}

const std::string hostile[] = {"\r\nX: y"s, "\n"s,   "\r"s,       "\0"s,  " x"s,
                               "\t"s,       "\x7f"s, "\xc3\xa4"s, "\x01"s};

}  // namespace

TEST_CASE("A request is its line, Host, the caller's fields in order, and what the engine adds") {
  CHECK(prepared({.url = "http://Cloud.example/a?b#c",
                  .headers = {{"B", "1"}, {"a", " 2\t"}, {"b", ""}}})
            .text() ==
        "GET /a?b HTTP/1.1\r\nHost: cloud.example\r\nB: 1\r\na: 2\r\nb: \r\n" + agent + "\r\n");
  CHECK(prepared({.url = "https://[::1]:8443", .headers = {{"user-agent", "mine"}}}).text() ==
        "GET / HTTP/1.1\r\nHost: [::1]:8443\r\nuser-agent: mine\r\n\r\n");
}

TEST_CASE("Content-Length is written with a body, and for POST, PUT and PATCH without one") {
  const auto wire = [](std::string method, std::string body) {
    return prepared({.method = std::move(method), .url = "http://h/", .body = std::move(body)})
        .text();
  };

  CHECK(wire("POST", "ab\r\n\0"s).ends_with("\r\nContent-Length: 5\r\n\r\nab\r\n\0"s));
  CHECK(wire("GET", "body").ends_with("\r\nContent-Length: 4\r\n\r\nbody"));
  for (const std::string method : {"POST", "PUT", "PATCH"})
    CHECK(wire(method, "").ends_with("\r\nContent-Length: 0\r\n\r\n"));
  for (const std::string method : {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "PROPFIND"})
    CHECK_FALSE(wire(method, "").contains("Content-Length"));
}

TEST_CASE("What is not its own a request shares with the others to its origin") {
  const Base base = parse_base("http://h/api").value();
  const Prepared one = prepared({.url = "/a"}, base);
  CHECK(one.wire.view() == "GET /api/a");
  CHECK(one.rest().data() == base.site->rest.data());
  CHECK(one.text() == "GET /api/a HTTP/1.1\r\nHost: h\r\n" + agent + "\r\n");
  CHECK(prepared({.method = "HEAD", .url = "/a"}, base).rest() == one.rest());
  CHECK(prepared({.url = "/a", .headers = {{"X", "y"}}}, base).rest().empty());
  CHECK(prepared({.method = "POST", .url = "/a"}, base).rest().empty());
}

TEST_CASE("A path goes behind the base URL's path, an absolute URL stands for itself") {
  const Base base = parse_base("https://Cloud.example/api/").value();
  CHECK(base.path_prefix == "/api");
  CHECK(prepared({.url = "/vms?x"}, base)
            .text()
            .starts_with("GET /api/vms?x HTTP/1.1\r\nHost: cloud.example\r\n"));
  CHECK(prepared({.url = "//x"}, base).text().starts_with("GET /api//x HTTP/1.1\r\n"));
  CHECK(prepared({.url = "/a#f"}, base).text().starts_with("GET /api/a HTTP/1.1\r\n"));
  CHECK(prepared({.url = "/"}, base).site == base.site.get());
  CHECK(prepared({.url = "https://cloud.example:443/x"}, base).site->origin == base.site->origin);
  const Prepared other = prepared({.url = "http://cloud.example/x"}, base);
  CHECK(to_string(other.site->origin) == "http://cloud.example:80");
  CHECK(other.text().starts_with("GET /x HTTP/1.1\r\n"));
}

TEST_CASE("A base URL is an origin and a path") {
  CHECK(parse_base("")->site == nullptr);
  CHECK(parse_base("http://h")->path_prefix.empty());
  CHECK(parse_base("http://h/")->path_prefix.empty());
  CHECK(parse_base("http://h/a/b")->path_prefix == "/a/b");
  for (const std::string text :
       {"h", "/a", "http://h?x", "http://h/#f", "http://u:p@h/", "http://h/a b"}) {
    CAPTURE(text);
    const auto base = parse_base(text);
    REQUIRE_FALSE(base);
    CHECK(base.error().detail.contains("base_url"));
  }
  CHECK(refusal({.url = "/vms"}).contains("base_url"));
  CHECK(refusal({.url = "vms"}).contains("http://"));
}

TEST_CASE("S37: a method that is not a token is refused") {
  for (const std::string& bytes : hostile) {
    CAPTURE(bytes);
    CHECK(is_refused({.method = "GET" + bytes, .url = "http://h/"}));
    CHECK(is_refused({.method = bytes, .url = "http://h/"}));
  }
  CHECK(is_refused({.method = "", .url = "http://h/"}));
  CHECK(is_refused({.method = "GET:", .url = "http://h/"}));
  CHECK_FALSE(is_refused({.method = "M-SEARCH", .url = "http://h/"}));
}

TEST_CASE("S37: hostile bytes in the URL are refused, wherever they are") {
  for (const std::string& bytes : hostile) {
    CAPTURE(bytes);
    CHECK(is_refused({.url = "http://h" + bytes + "/"}));
    CHECK(is_refused({.url = "http://h:80" + bytes + "/"}));
    CHECK(is_refused({.url = "http://h/" + bytes}));
    CHECK_FALSE(refusal({.url = "/" + bytes}, parse_base("http://h").value()).empty());
  }
}

TEST_CASE("S37: a field's name is a token") {
  for (const std::string& bytes : hostile) {
    CAPTURE(bytes);
    CHECK(is_refused({.url = "http://h/", .headers = {{"X" + bytes, "1"}}}));
    CHECK(is_refused({.url = "http://h/", .headers = {{bytes + "X", "1"}}}));
  }
  CHECK(is_refused({.url = "http://h/", .headers = {{"", "1"}}}));
  CHECK(is_refused({.url = "http://h/", .headers = {{"A:", "1"}}}));
}

TEST_CASE("S37: a field's value has no control character but HTAB, and may have obs-text") {
  for (const std::string& bytes : {"\r\nX: y"s, "\n"s, "\r"s, "\0"s, "\x7f"s, "\x01"s, "\x1b"s}) {
    CAPTURE(bytes);
    CHECK(is_refused({.url = "http://h/", .headers = {{"X", "a" + bytes + "b"}}}));
    CHECK(is_refused({.url = "http://h/", .headers = {{"X", bytes}}}));
    CHECK(is_refused({.url = "http://h/", .headers = {{"X", "a" + bytes}}}));
  }
  CHECK(prepared({.url = "http://h/", .headers = {{"X", "a\tb \xc3\xa4\xff"}}})
            .text()
            .contains("\r\nX: a\tb \xc3\xa4\xff\r\n"));
}

TEST_CASE("S37: refusals of fields repeat no secret") {
  CHECK_FALSE(
      refusal({.url = "http://h/", .headers = {{"Authorization", "secret\n"}}}).contains("secret"));
  CHECK_FALSE(
      refusal({.url = "http://h/", .headers = {{"Authorization: secret", ""}}}).contains("secret"));
  CHECK_FALSE(refusal({.url = "http://h/?secret\n"}).contains("secret"));
}

TEST_CASE("S37: framing fields are the engine's") {
  for (const std::string name :
       {"Content-Length", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING"}) {
    CAPTURE(name);
    CHECK(refusal({.method = "POST", .url = "http://h/", .headers = {{name, "0"}}})
              .contains("leave it out"));
  }
}

TEST_CASE("S37: the caller's Host replaces the URL's, if it is one") {
  CHECK(prepared({.url = "http://127.0.0.1:99/",
                  .headers = {{"A", "1"}, {"host", "Cloud.example:8080"}}})
            .text() == "GET / HTTP/1.1\r\nHost: Cloud.example:8080\r\nA: 1\r\n" + agent + "\r\n");
  for (const std::string value : {"h", "h:80", "[::1]", "[::1]:80", "my_host"})
    CHECK_FALSE(is_refused({.url = "http://h/", .headers = {{"Host", value}}}));
  for (const std::string value :
       {"", "h/x", "h?x", "h#x", "u@h", "h x", "h:x", "h:0", "h\r\nX: y", "h, i", "[h]"}) {
    CAPTURE(value);
    CHECK(is_refused({.url = "http://h/", .headers = {{"Host", value}}}));
  }
  CHECK(is_refused({.url = "http://h/", .headers = {{"Host", "h"}, {"host", "h"}}}));
}

TEST_CASE("CONNECT is refused, and a TRACE with a body") {
  CHECK(is_refused({.method = "CONNECT", .url = "http://h/"}));
  CHECK(is_refused({.method = "TRACE", .url = "http://h/", .body = "x"}));
  CHECK_FALSE(is_refused({.method = "TRACE", .url = "http://h/"}));
}

TEST_CASE("A head over its limit is refused") {
  const std::size_t most = limits::request_head_bytes_max;
  CHECK(is_refused({.url = "http://h/" + std::string(most, 'x')}));
  CHECK(is_refused({.url = "http://h/", .headers = {{"X", std::string(most, 'x')}}}));
  CHECK_FALSE(is_refused(
      {.url = "http://h/" + std::string(most - 100, 'x'), .body = std::string(most, 'x')}));
}

TEST_CASE("S13, S14: what is repeatable follows the method, case and all, and the caller's word") {
  for (const std::string method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}) {
    CAPTURE(method);
    CHECK(is_idempotent(method));
    CHECK(traits(method).repeatable);
    CHECK_FALSE(traits(method, Repeat::forbidden).repeatable);
  }
  for (const std::string method : {"POST", "PATCH", "get", "Put", "PROPFIND"}) {
    CAPTURE(method);
    CHECK_FALSE(is_idempotent(method));
    CHECK_FALSE(traits(method).repeatable);
    CHECK(traits(method, Repeat::allowed).repeatable);
  }
}

TEST_CASE("S6: GET, HEAD, OPTIONS and marked ones share a pipeline, PUT and DELETE by option") {
  for (const std::string method : {"GET", "HEAD", "OPTIONS"}) {
    CHECK(traits(method).pipelinable);
    CHECK_FALSE(traits(method, Repeat::forbidden, true).pipelinable);
  }
  for (const std::string method : {"PUT", "DELETE"}) {
    CHECK_FALSE(traits(method).pipelinable);
    CHECK(traits(method, Repeat::by_method, true).pipelinable);
    CHECK(traits(method, Repeat::allowed).pipelinable);
    CHECK_FALSE(traits(method, Repeat::forbidden, true).pipelinable);
  }
  for (const std::string method : {"POST", "PATCH", "TRACE", "get"}) {
    CHECK_FALSE(traits(method, Repeat::by_method, true).pipelinable);
    CHECK(traits(method, Repeat::allowed).pipelinable);
  }
}

TEST_CASE("S8: bulk, Upgrade and Expect travel alone") {
  CHECK_FALSE(prepared({.url = "http://h/", .bulk = true}).traits.pipelinable);
  CHECK(prepared({.url = "http://h/", .bulk = true}).traits.repeatable);
  CHECK_FALSE(traits_with({{"Expect", "100-continue"}}).pipelinable);
  CHECK_FALSE(traits_with({{"Upgrade", "websocket"}}).pipelinable);
  CHECK_FALSE(traits_with({{"Connection", "x, Upgrade"}}).pipelinable);
  CHECK(traits_with({{"Connection", "keep-alive, TE"}, {"TE", "trailers"}, {"Keep-Alive", "5"}})
            .pipelinable);
}

TEST_CASE("A body in memory is held back when the server's leave is expected") {
  const Headers expecting{{"Expect", "100-Continue"}};
  const Prepared held = prepared({.url = "http://h/", .headers = expecting, .body = "abc"});
  CHECK(held.traits.expect);
  CHECK(held.traits.body == BodyWay::held);
  CHECK(held.body_bytes == 3);
  CHECK(held.text().ends_with("Content-Length: 3\r\n\r\nabc"));
  CHECK_FALSE(prepared({.url = "http://h/", .headers = expecting}).traits.expect);
  const Prepared plain = prepared({.url = "http://h/", .body = "abc"});
  CHECK(plain.traits.body == BodyWay::in_wire);
}

TEST_CASE("S32: an upgrade is asked for with both fields") {
  CHECK(traits_with({{"Upgrade", "websocket"}, {"Connection", "keep-alive ,\tUPGRADE"}}).upgrade);
  CHECK_FALSE(traits_with({{"Upgrade", "websocket"}}).upgrade);
  CHECK_FALSE(traits_with({{"Connection", "upgrade"}}).upgrade);
}

TEST_CASE("The caller's Connection: close is sent, and makes the request its connection's last") {
  const Prepared closing =
      prepared({.url = "http://h/", .headers = {{"connection", "x,\tClose "}}});
  CHECK(closing.traits.last);
  CHECK(closing.text().contains("\r\nconnection: x,\tClose\r\n"));
  CHECK_FALSE(traits_with({{"Connection", "closed, keep-alive"}}).last);
  CHECK_FALSE(traits("GET").last);
}

TEST_CASE("S12: only HEAD is HEAD") {
  CHECK(traits("HEAD").head);
  CHECK_FALSE(traits("GET").head);
  CHECK_FALSE(traits("head").head);
}
