#include "bindings/client/cookie_jar.hpp"

#include <thread>

#include "tests/support/catch.hpp"

using namespace headrace::client;
using namespace std::chrono_literals;

namespace {

const CalendarTime start = std::chrono::sys_days(std::chrono::year(2024) / 5 / 6) + 12h;

Url url(std::string_view text) { return parse_url(text).value(); }

// What goes to `to` after an answer from `from` set these.
std::string kept(const std::vector<std::string>& set_cookies,
                 std::string_view from = "https://a.example/dir/page",
                 std::string_view to = "https://a.example/dir/page",
                 std::chrono::seconds later = 1s) {
  CookieJar jar({});
  for (const std::string& one : set_cookies) jar.store(url(from), one, start);
  return jar.header(url(to), start + later);
}

}  // namespace

TEST_CASE("Set-Cookie is read as RFC 6265 §5.2 says") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"a=b", "a=b"},
      {" a = b c ; x", "a=b c"},
      {"a=\"q\"", "a=\"q\""},
      {"a=b=c", "a=b=c"},
      {"a=", "a="},
      {"a=b; HttpOnly; SameSite=Lax; Whatever=1", "a=b"},
      {"=b", ""},
      {"a", ""},
      {"", ""},
      {"; a=b", ""},
      {"a=b\x01", ""},
      {"a=b; Secure", "a=b"},
      {"a=b; Domain=a.example", "a=b"},
      {"a=b; Domain=.Example", "a=b"},
      {"a=b; Domain=", "a=b"},
      {"a=b; Domain=b.example", ""},
      {"a=b; Domain=x.a.example", ""},
      {"a=b; Domain=ample", ""},
      {"a=b; Path=/", "a=b"},
      {"a=b; Path=/dir", "a=b"},
      {"a=b; Path=/dir/", "a=b"},
      {"a=b; Path=/di", ""},
      {"a=b; Path=/dir/page/x", ""},
      {"a=b; Path=relative", "a=b"},
      {"a=b; Path=/x; Path=/dir", "a=b"},
      {"a=b; Max-Age=10", "a=b"},
      {"a=b; Max-Age=1", ""},
      {"a=b; Max-Age=0", ""},
      {"a=b; Max-Age=-5", ""},
      {"a=b; Max-Age=99999999999999999999999", "a=b"},
      {"a=b; Max-Age=1x", "a=b"},
      {"a=b; Expires=Mon, 06 May 2024 12:00:01 GMT", ""},
      {"a=b; Expires=Mon, 06 May 2024 12:00:02 GMT", "a=b"},
      {"a=b; Expires=Monday, 06-May-24 11:00:00 GMT", ""},
      {"a=b; Expires=never", "a=b"},
      {"a=b; Expires=Mon, 06 May 2020 12:00:00 GMT; Max-Age=10", "a=b"},
      {"a=b; Max-Age=10; Expires=Mon, 06 May 2020 12:00:00 GMT", "a=b"},
      {"__Secure-a=b; Secure", "__Secure-a=b"},
      {"__Secure-a=b", ""},
      {"__Host-a=b; Secure; Path=/", "__Host-a=b"},
      {"__Host-a=b; Secure", ""},
      {"__host-a=b; Secure; Path=/; Domain=a.example", ""},
  }));
  INFO(text);
  CHECK(kept({text}) == expected);
}

TEST_CASE("dates of cookies come in many dresses (RFC 6265 §5.1.1)") {
  const auto day = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6);
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "6 november 1994 8:49:37", "1994 08:49:37 06 NOV"}) {
    INFO(text);
    CHECK(parse_cookie_date(text) == day + 8h + 49min + 37s);
  }
  CHECK(parse_cookie_date("1 Jan 69 00:00:00") ==
        std::chrono::sys_days(std::chrono::year(2069) / 1 / 1));
  CHECK(parse_cookie_date("1 Jan 70 00:00:00") ==
        std::chrono::sys_days(std::chrono::year(1970) / 1 / 1));
  for (const char* text :
       {"", "06 Nov 1994", "08:49:37 Nov 1994", "31 Feb 1994 08:49:37", "06 Nov 1994 24:00:00",
        "06 Nov 1600 00:00:00", "06 Nov 19945 00:00:00", "006 Nov 08:49:37"}) {
    INFO(text);
    CHECK_FALSE(parse_cookie_date(text).has_value());
  }
}

TEST_CASE("S49: a cookie goes to the origin that set it and to no other") {
  const std::string from = "https://a.example/";
  CHECK(kept({"a=b"}, from, "https://a.example/x?y") == "a=b");
  CHECK(kept({"a=b"}, from, "https://A.example:443/") == "a=b");
  CHECK(kept({"a=b"}, from, "http://a.example/").empty());
  CHECK(kept({"a=b; Domain=a.example"}, from, "https://x.a.example/").empty());
  CHECK(kept({"a=b; Domain=example"}, from, "https://example/").empty());
  CHECK(kept({"a=b"}, from, "https://a.example:444/").empty());
  CHECK(kept({"a=b"}, "http://a.example/", "https://a.example/").empty());
  CHECK(kept({"a=b"}, "http://a.example/", "http://a.example/") == "a=b");
  CHECK(kept({"a=b; Secure"}, "http://a.example/", "http://a.example/").empty());
}

TEST_CASE("a cookie is replaced by name and path, and longer paths come first") {
  CHECK(kept({"a=1", "a=2"}) == "a=2");
  CHECK(kept({"a=1; Path=/", "a=2; Path=/dir", "b=3; Path=/dir", "c=4; Path=/"}) ==
        "a=2; b=3; a=1; c=4");
  CHECK(kept({"a=1; Path=/", "b=2; Path=/", "a=3; Path=/"}) == "a=3; b=2");
  CHECK(kept({"a=1", "b=2", "a=; Max-Age=0"}) == "b=2");
}

TEST_CASE(
    "the jar is bounded in count, per origin and in bytes, and forgets what was unused longest") {
  CookieJar jar({.count_max = 4, .per_origin_max = 3, .bytes_max = 1'000});
  const Url a = url("https://a/");
  const Url b = url("https://b/");
  for (const char* one : {"a=1", "b=2", "c=3"}) jar.store(a, one, start);
  CHECK(jar.header(a, start) == "a=1; b=2; c=3");
  jar.store(a, "d=4", start);
  CHECK(jar.size() == 3);
  CHECK(jar.header(a, start).ends_with("d=4"));
  jar.store(b, "x=1", start);
  jar.store(b, "y=2", start);
  CHECK(jar.size() == 4);
  CHECK(jar.header(b, start) == "x=1; y=2");
  jar.store(b, "z=" + std::string(990, 'z'), start);
  CHECK(jar.size() <= 3);
  CHECK(jar.header(b, start).size() >= 992);
  jar.store(b, "z=" + std::string(2'000, 'z'), start);  // never fits
  CHECK(jar.header(b, start).size() < 2'000);
  CHECK(kept({"a=" + std::string(4'095, 'x')}).size() == 4'097);
  CHECK(kept({"a=" + std::string(4'096, 'x')}).empty());
  jar.clear();
  CHECK(jar.size() == 0);
  CHECK(jar.header(b, start).empty());
}

TEST_CASE("origins that were forgotten leave nothing behind") {
  CookieJar jar({.count_max = 10});
  for (int i = 0; i < 1'000; ++i)
    jar.store(url("https://h" + std::to_string(i) + "/"), "a=b", start);
  CHECK(jar.size() == 10);
  CHECK(jar.header(url("https://h999/"), start) == "a=b");
  CHECK(jar.header(url("https://h0/"), start).empty());
}

TEST_CASE("many threads may use a jar") {
  CookieJar jar({.count_max = 20});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&jar, t] {
      for (int i = 0; i < 500; ++i) {
        const Url there = url("https://h" + std::to_string((i + t) % 7) + "/");
        jar.store(there, "n" + std::to_string(i % 9) + "=" + std::to_string(t), start);
        jar.header(there, start);
        if (i % 100 == 0) jar.clear();
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(jar.size() <= 20);
}
