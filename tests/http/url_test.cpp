#include "engine/http/url.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;
using namespace std::string_literals;

namespace {

// "https://host:port target", or "refused: why".
std::string outcome(std::string_view text) {
  const Result<Url> url = parse_url(text);
  if (url) return to_string(url->origin) + ' ' + url->target;
  CHECK(url.error().code == ErrorCode::invalid_argument);
  return "refused: " + url.error().detail;
}

bool is_refused(std::string_view text) { return outcome(text).starts_with("refused: "); }

}  // namespace

TEST_CASE("A URL gives its origin, host in lower case and port by scheme, and its target") {
  CHECK(outcome("http://Cloud.Example/a/b?c=d") == "http://cloud.example:80 /a/b?c=d");
  CHECK(outcome("HTTPS://h") == "https://h:443 /");
  CHECK(outcome("https://h:8443/") == "https://h:8443 /");
  CHECK(outcome("http://h:/x") == "http://h:80 /x");
  CHECK(outcome("http://h:1") == "http://h:1 /");
  CHECK(outcome("http://h:65535") == "http://h:65535 /");
  CHECK(outcome("http://127.0.0.1:80/") == "http://127.0.0.1:80 /");
  CHECK(outcome("http://my_internal-host.local./") == "http://my_internal-host.local.:80 /");
}

TEST_CASE("An IPv6 address is kept without its brackets") {
  const auto url = parse_url("http://[2001:DB8::1]:8080/x");
  REQUIRE(url);
  CHECK(url->origin.host == "2001:db8::1");
  CHECK(to_string(url->origin) == "http://[2001:db8::1]:8080");
  CHECK(host_field(url->origin) == "[2001:db8::1]:8080");
  CHECK(outcome("http://[::ffff:127.0.0.1]") == "http://[::ffff:127.0.0.1]:80 /");
}

TEST_CASE("A Host field names the port only when it is not the default") {
  CHECK(host_field({.tls = false, .host = "h", .port = 80}) == "h");
  CHECK(host_field({.tls = true, .host = "h", .port = 80}) == "h:80");
  CHECK(host_field({.tls = true, .host = "h", .port = 443}) == "h");
  CHECK(host_field({.tls = false, .host = "h", .port = 443}) == "h:443");
  CHECK(host_field({.tls = true, .host = "::1", .port = 443}) == "[::1]");
}

TEST_CASE("Path and query keep their bytes, the fragment is dropped") {
  CHECK(outcome("http://h?x") == "http://h:80 /?x");
  CHECK(outcome("http://h#f") == "http://h:80 /");
  CHECK(outcome("http://h/a#f?g") == "http://h:80 /a");
  CHECK(outcome("http://h//a/../b/./c//") == "http://h:80 //a/../b/./c//");
  CHECK(outcome("http://h/%2F%zz%?a%2") == "http://h:80 /%2F%zz%?a%2");
  CHECK(outcome("http://h/a|b{c}\"<>\\^`") == "http://h:80 /a|b{c}\"<>\\^`");
  CHECK(outcome("http://h/?a=b@c:d/e?f[]") == "http://h:80 /?a=b@c:d/e?f[]");
}

TEST_CASE("Only http and https URLs are read") {
  for (const std::string text :
       {"", "h", "h:80", "/path", "//h/", "ftp://h/", "httpx://h/", "http:/h", "http:h",
        "https:", " http://h/", "http ://h/", "ws://h"}) {
    CAPTURE(text);
    CHECK(outcome(text) == "refused: the URL does not begin with http:// or https://");
  }
}

TEST_CASE("S37: userinfo is refused, and never repeated") {
  for (const std::string text :
       {"http://user:secret@h/", "http://secret@h", "http://@h/", "http://secret:@h:99999/",
        "http://secret\xff@h/", "http://secret%@h\r\n/", "http://[secret@h]/", "http://a@secret@h/",
        "secret://user:secret@h", "http:/user:secret@h", "http:secret@h"}) {
    CAPTURE(text);
    CHECK(is_refused(text));
    CHECK_FALSE(outcome(text).contains("secret"));
  }
  CHECK(outcome("http://user:secret@h/").contains("Authorization"));
}

TEST_CASE("S37: a host that is not plainly a host is refused") {
  for (const std::string& text : {"http://"s,
                                  "http:///x"s,
                                  "http://:80/"s,
                                  "http://?x"s,
                                  "http://./"s,
                                  "http://.h/"s,
                                  "http://h%2fx/"s,
                                  "http://h%00/"s,
                                  "http://h%41/"s,
                                  "http://h x/"s,
                                  "http://h\\x/"s,
                                  "http://h\r\nX: y/"s,
                                  "http://h\0/"s,
                                  "http://h\t/"s,
                                  "http://h\x7f/"s,
                                  "http://h;x/"s,
                                  "http://h,i/"s,
                                  "http://(h)/"s,
                                  "http://<h>/"s,
                                  "http://h|i/"s,
                                  "http://\xc3\xa4.example/"s,
                                  "http://" + std::string(255, 'h')}) {
    CAPTURE(text);
    CHECK(is_refused(text));
  }
  CHECK(outcome("http://\xc3\xa4.example/").contains("xn--"));
  CHECK(outcome("http://xn--4ca.example/") == "http://xn--4ca.example:80 /");
  CHECK(outcome("http://h%2fx/").contains("percent-encoded"));
}

TEST_CASE("S37: brackets hold an IPv6 address and nothing else") {
  for (const std::string text :
       {"http://[]/", "http://[::1/", "http://::1/", "http://::1]/", "http://[::1]x/",
        "http://[::1]80/", "http://[127.0.0.1]/", "http://[h]/", "http://[1::2::3]/",
        "http://[12345::]/", "http://[::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[v1.x]/",
        "http://[::1]@h/", "http://[[::1]]/"}) {
    CAPTURE(text);
    CHECK(is_refused(text));
  }
  CHECK(outcome("http://[fe80::1%25eth0]/").contains("zone id"));
}

TEST_CASE("S37: a port is a number from 1 to 65535") {
  for (const std::string text : {"http://h:0/", "http://h:65536/", "http://h:99999999999999999999/",
                                 "http://h:x/", "http://h:80x/", "http://h:-1/", "http://h:+80/",
                                 "http://h:80:80/", "http://h: 80/", "http://[::1]:0/"}) {
    CAPTURE(text);
    CHECK(is_refused(text));
  }
}

TEST_CASE(
    "S37: a target with a byte that is not visible ASCII is refused, and which byte is said") {
  for (const std::string& bytes :
       {" "s, "\t"s, "\r"s, "\n"s, "\0"s, "\x7f"s, "\x80"s, "\xc3\xa4"s}) {
    CAPTURE(bytes);
    CHECK(is_refused("http://h/" + bytes));
    CHECK(is_refused("http://h/?" + bytes + "x"));
    CHECK(is_refused("http://h/#" + bytes));
  }
  CHECK(outcome("http://h/a b") ==
        "refused: the URL's path or query has byte 0x20 at offset 2: percent-encode it");
}

TEST_CASE("A target on its own begins with a slash, or gets one before its query") {
  CHECK(parse_target("/a?b#c") == "/a?b");
  CHECK(parse_target("?b") == "/?b");
  CHECK(parse_target("") == "/");
  CHECK(parse_target("//a") == "//a");
  CHECK_FALSE(parse_target("a"));
  CHECK_FALSE(parse_target("*"));
}
