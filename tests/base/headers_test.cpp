#include "headrace/headers.hpp"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

using namespace headrace;

TEST_CASE("Lines keep their order, their case and their repetitions") {
  const Headers headers{{"B", "1"}, {"a", "2"}, {"b", ""}};
  CHECK(headers.size() == 3);
  CHECK(std::vector<Field>(headers.begin(), headers.end()) ==
        std::vector<Field>{{"B", "1"}, {"a", "2"}, {"b", ""}});
  CHECK(headers[2] == Field{"b", ""});
}

TEST_CASE("Names are compared without their case, values with it") {
  const Headers headers{{"Content-Type", "text/XML"}};
  CHECK(headers.get("content-TYPE") == "text/XML");
  CHECK(headers.contains("CONTENT-type"));
  CHECK_FALSE(headers.contains("content-typ"));
  CHECK_FALSE(headers.contains(""));
  CHECK(headers.get("Accept") == std::nullopt);
  CHECK(headers == Headers{{"content-type", "text/XML"}});
  CHECK_FALSE(headers == Headers{{"content-type", "text/xml"}});
  const Headers none;
  CHECK_FALSE(headers == none);
}

TEST_CASE("The case of bytes that are not letters is their own") {
  CHECK_FALSE(Headers{{"[", "1"}}.contains("{"));
  CHECK_FALSE(Headers{{"@", "1"}}.contains("`"));
  CHECK_FALSE(Headers{{"\xc4", "1"}}.contains("\xe4"));
}

TEST_CASE("get() gives the first line of a name, get_all() joins them") {
  const Headers headers{{"Via", "a"}, {"X", "x"}, {"via", ""}, {"VIA", "c"}};
  CHECK(headers.get("via") == "a");
  CHECK(headers.get_all("via") == "a, , c");
  CHECK(headers.get_all("x") == "x");
  CHECK(headers.get_all("none").empty());
}

TEST_CASE("Values may hold any bytes") {
  const std::string value{"\0\r\n\xff", 4};
  Headers headers;
  headers.append("X", value);
  CHECK(headers.get("x") == value);
}

TEST_CASE("Headers outgrow their first arena, and copies are their own") {
  Headers headers;
  for (int i = 0; i < 500; ++i) headers.append("name-" + std::to_string(i), std::string(40, 'v'));
  const Headers copy = headers;
  headers.clear();
  CHECK(headers.empty());
  CHECK(headers.begin() == headers.end());
  CHECK(copy.size() == 500);
  CHECK(copy[499].name == "name-499");
  CHECK(copy.get("NAME-250") == std::string(40, 'v'));
}

TEST_CASE("A line of the headers themselves may be appended to them") {
  Headers headers{{"Name", "value"}};
  for (int i = 0; i < 200; ++i) headers.append(headers[0].name, headers[0].value);
  CHECK(headers.size() == 201);
  CHECK(headers[200] == Field{"Name", "value"});
}

TEST_CASE("Moved-from headers may be filled again") {
  Headers headers{{"A", "1"}};
  const Headers moved = std::move(headers);
  headers.clear();  // NOLINT(bugprone-use-after-move): the point of the test
  headers.append("B", "2");
  CHECK(headers == Headers{{"B", "2"}});
  CHECK(moved == Headers{{"A", "1"}});
}

TEST_CASE("What copies share is never changed by one of them") {
  const Headers built{{"Name", "value"}, {"Other", "one"}};
  const Headers full = built;
  Headers copy = full;
  CHECK(copy[0].name.data() == full[0].name.data());
  SECTION("by a line more") {
    copy.append("More", "lines");
    CHECK(copy == Headers{{"Name", "value"}, {"Other", "one"}, {"More", "lines"}});
    copy.append("", "");
    CHECK(copy.size() == 4);
  }
  SECTION("by beginning anew") {
    copy.clear();
    copy.append("Lies", "where?");
    CHECK(copy == Headers{{"Lies", "where?"}});
  }
  SECTION("by going first") {
    Headers last = copy;
    copy = Headers{{"Another", "one"}};
    CHECK(last == built);
  }
  CHECK(full == built);
}

TEST_CASE("Headers that have room left and their copies grow apart") {
  Headers headers{{"Name", "value"}};
  Headers copy = headers;
  headers.append("One", "way");
  copy.append("The", "other");
  CHECK(headers == Headers{{"Name", "value"}, {"One", "way"}});
  CHECK(copy == Headers{{"Name", "value"}, {"The", "other"}});
}
