#include "engine/http/keep_alive.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;

namespace {

KeepAlive of(std::string_view field) {
  Headers headers;
  headers.append("keep-alive", field);
  return keep_alive(headers);
}

}  // namespace

TEST_CASE("S30: what a server says of how long it keeps a connection") {
  CHECK(of("timeout=5, max=100").timeout == std::chrono::seconds(5));
  CHECK(of("timeout=5, max=100").max == 100U);
  CHECK(of("Max=7,other ,TIMEOUT = 3").timeout == std::chrono::seconds(3));
  CHECK(of("Max=7,other ,TIMEOUT = 3").max == 7U);
  CHECK_FALSE(of("max=0").timeout.has_value());
  CHECK(of("max=0").max == 0U);
}

TEST_CASE("S30: what can't be read says nothing") {
  for (const char* field : {"", ",", "=", "timeout", "timeout=", "timeout=-1", "timeout=5s",
                            "timeout=99999999999999999999", "timeout=\"5\""})
    CHECK_FALSE(of(field).timeout.has_value());
  CHECK_FALSE(keep_alive({}).timeout.has_value());
}
