#include "headrace/detail/ascii.hpp"

#include "tests/support/catch.hpp"

using headrace::equal_ignoring_case;
using headrace::trimmed;

TEST_CASE("only the letters A to Z have a lower case") {
  CHECK(headrace::lower('A') == 'a');
  CHECK(headrace::lower('Z') == 'z');
  for (const char c : {'a', 'z', '@', '[', '0', '\xc4'}) CHECK(headrace::lower(c) == c);
}

TEST_CASE("only 0 to 9 are digits") {
  CHECK(headrace::is_digit('0'));
  CHECK(headrace::is_digit('9'));
  for (const char c : {'/', ':', 'a', '\xb2'}) CHECK_FALSE(headrace::is_digit(c));
}

TEST_CASE("names are equal whatever their case") {
  CHECK(equal_ignoring_case("Content-Length", "cONTENT-lENGTH"));
  CHECK(equal_ignoring_case("", ""));
  CHECK_FALSE(equal_ignoring_case("close", "closed"));
  CHECK_FALSE(equal_ignoring_case("close", "clone"));
  CHECK_FALSE(equal_ignoring_case("[", "{"));
}

TEST_CASE("optional whitespace is spaces and tabs, at the ends only") {
  CHECK(trimmed(" \t keep  alive\t ") == "keep  alive");
  CHECK(trimmed("\r\nx") == "\r\nx");
  CHECK(trimmed(" \t").empty());
  CHECK(trimmed("").empty());
}
