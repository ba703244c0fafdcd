#include "engine/http/retry_after.hpp"

#include "engine/http/date.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;
using std::chrono::seconds;

namespace {

std::optional<seconds> of(std::string_view retry_after_field, std::string_view date = {}) {
  Headers headers;
  headers.append("Retry-After", retry_after_field);
  if (!date.empty()) headers.append("Date", date);
  return retry_after(headers);
}

}  // namespace

TEST_CASE("an HTTP-date is read in its three forms") {
  constexpr seconds expected(784'111'777);  // RFC 9110 §5.6.7's own example
  CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(parse_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(parse_date("Sun Nov  6 08:49:37 1994") == expected);
  CHECK(parse_date("Thu, 29 Feb 2024 00:00:00 GMT") == seconds(1'709'164'800));
}

TEST_CASE("what is no HTTP-date is none") {
  for (const char* text :
       {"", "0", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT more"})
    CHECK_FALSE(parse_date(text).has_value());
}

TEST_CASE("S18: Retry-After is seconds, or a date by the server's own clock") {
  CHECK(of("120") == seconds(120));
  CHECK(of("0") == seconds(0));
  CHECK(of("Sun, 06 Nov 1994 08:49:40 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == seconds(3));
  CHECK(of("Sun, 06 Nov 1994 08:49:30 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == seconds(0));
}

TEST_CASE("S18: a Retry-After that can't be read says nothing, one beyond all bounds is a year") {
  CHECK_FALSE(of("Sun, 06 Nov 1994 08:49:40 GMT").has_value());
  CHECK_FALSE(of("-1").has_value());
  CHECK_FALSE(of("soon").has_value());
  CHECK_FALSE(of("").has_value());
  CHECK(of("99999999999999999999999") == std::chrono::hours(24 * 365));
  CHECK_FALSE(retry_after({}).has_value());
}
