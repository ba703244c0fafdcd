#include "bindings/client/url.hpp"

#include "tests/support/catch.hpp"

using namespace headrace::client;

namespace {

std::string resolved(std::string_view base, std::string_view reference) {
  const auto from = parse_url(base);
  REQUIRE(from.has_value());
  const auto url = resolve(*from, reference);
  return url ? to_string(*url) : "error: " + std::string(url.error());
}

}  // namespace

TEST_CASE("references are resolved as RFC 3986 §5.4 lists them") {
  const auto [reference, expected] = GENERATE(table<std::string, std::string>({
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/./x", "http://a/b/c/g#s/./x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
  }));
  INFO(reference);
  CHECK(resolved("http://a/b/c/d;p?q", reference) == expected);
}

TEST_CASE("what servers send in a Location is understood or refused") {
  const auto [reference, expected] = GENERATE(table<std::string, std::string>({
      {"https://Other.Example:443/x", "https://other.example/x"},
      {"HTTP://b:8080", "http://b:8080/"},
      {"http://b:080/x/../y", "http://b/y"},
      {"http://b:/x", "http://b/x"},
      {"//b:81/x", "http://b:81/x"},
      {"http://[2001:DB8::1]:81/", "http://[2001:db8::1]:81/"},
      {"  /with space\t", "http://a/with%20space"},
      {"/\xc3\xa9?\xff", "http://a/%C3%A9?%FF"},
      {"/a|b[0]", "http://a/a|b[0]"},
      {"ftp://b/x", "error: the URL's scheme is neither http nor https"},
      {"javascript:alert(1)", "error: the URL's scheme is neither http nor https"},
      {"http:x", "error: the URL has a scheme but no host"},
      {"http://", "error: the URL's host is malformed"},
      {"http:///x", "error: the URL's host is malformed"},
      {"//user:secret@b/", "error: the URL has a user name or password"},
      {"http://a%00b/", "error: the URL's host is malformed"},
      {"http://a\\@b/", "error: the URL has a user name or password"},
      {"http://a\\b/", "error: the URL's host is malformed"},
      {"http://[::1/", "error: the URL's host is malformed"},
      {"http://[fe80::1%25eth0]/", "error: the URL's host is malformed"},
      {"http://b:0/", "error: the URL's port is not between 1 and 65535"},
      {"http://b:65536/", "error: the URL's port is not between 1 and 65535"},
      {"http://b:80:80/", "error: the URL's port is not between 1 and 65535"},
      {"/a\x01", "error: the URL has a control character"},
  }));
  INFO(reference);
  CHECK(resolved("http://a/b", reference) == expected);
}

TEST_CASE("two URLs are of one origin when scheme, host and port are the same") {
  const auto origin = [](std::string_view url) { return parse_url(url).value().origin; };
  CHECK(origin("http://a/x") == origin("HTTP://A:80?y"));
  CHECK(origin("https://a") == origin("https://a:443/"));
  CHECK_FALSE(origin("http://a") == origin("https://a"));
  CHECK_FALSE(origin("http://a") == origin("http://a:443"));
  CHECK_FALSE(origin("http://a") == origin("http://a."));
  CHECK_FALSE(origin("http://a") == origin("http://b.a"));
}
