#include "engine/api/check_options.hpp"

#include <chrono>
#include <string>

#include "headrace/engine.hpp"
#include "tests/support/catch.hpp"

using headrace::Engine;
using headrace::Error;
using headrace::ErrorCode;
using headrace::Options;
using headrace::Result;
using namespace std::chrono_literals;

namespace {

struct Wrong {
  Options options;
  std::string detail;
};

const Wrong wrong_ones[] = {
    {{.connections_max = 0}, "option connections_max is 0, allowed is 1 or more"},
    {{.connections_total_max = 0}, "option connections_total_max is 0, allowed is 1 or more"},
    {{.pipeline_depth = 0}, "option pipeline_depth is 0, allowed is 1 or more"},
    {{.attempts_max = 0}, "option attempts_max is 0, allowed is 1 or more"},
    {{.connect_attempts = 0}, "option connect_attempts is 0, allowed is 1 or more"},
    {{.timeout = -1ms}, "option timeout is -1 ms, allowed is 0 (none) or more"},
    {{.connect_timeout = 0ms}, "option connect_timeout is 0 ms, allowed is 1 ms or more"},
    {{.idle_timeout = 0ms}, "option idle_timeout is 0 ms, allowed is 1 ms or more"},
    {{.queue_requests_max = 0}, "option queue_requests_max is 0, allowed is 1 or more"},
    {{.queue_bytes_max = 0}, "option queue_bytes_max is 0, allowed is 1 or more"},
    {{.head_bytes_max = 0}, "option head_bytes_max is 0, allowed is 1 to 1073741824"},
    {{.head_bytes_max = 5'000'000'000},
     "option head_bytes_max is 5000000000, allowed is 1 to 1073741824"},
    {{.head_fields_max = 0}, "option head_fields_max is 0, allowed is 1 or more"},
};

}  // namespace

TEST_CASE("An option out of its range is named with its value and what is allowed") {
  for (const Wrong& wrong : wrong_ones) {
    INFO(wrong.detail);
    const Result<Engine> engine = Engine::create(wrong.options);
    REQUIRE_FALSE(engine);
    CHECK(engine.error().code == ErrorCode::invalid_argument);
    CHECK(engine.error().detail == wrong.detail);
  }
}

TEST_CASE("The constructor throws what create returns") {
  CHECK_THROWS_AS(Engine({.pipeline_depth = 0}), headrace::Exception);
  CHECK_THROWS_WITH(Engine({.base_url = "ftp://cloud.example"}),
                    Catch::Matchers::Contains("invalid_argument"));
}

TEST_CASE("A base URL that is none is refused") {
  for (const char* url : {"cloud.example", "ftp://cloud.example", "https://", "http://a b/"}) {
    INFO(url);
    const Result<Engine> engine = Engine::create({.base_url = url});
    REQUIRE_FALSE(engine);
    CHECK(engine.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(engine.error().detail.empty());
  }
}

TEST_CASE("A CA file that can't be read is refused") {
  const Result<Engine> engine = Engine::create({.tls = {.ca_file = "/no/such/file.pem"}});
  REQUIRE_FALSE(engine);
  CHECK(engine.error().code == ErrorCode::tls_failed);
}

TEST_CASE("The defaults, the smallest and the longest are allowed") {
  CHECK(Engine::create());
  CHECK(Engine::create({.connections_max = 1,
                        .connections_total_max = 1,
                        .pipeline_depth = 1,
                        .attempts_max = 1,
                        .connect_attempts = 1,
                        .timeout = 0ms,
                        .queue_requests_max = 1,
                        .queue_bytes_max = 1,
                        .body_bytes_max = 0,
                        .informational_max = 0}));
  const auto longest = std::chrono::milliseconds::max();
  CHECK(Engine::create({.timeout = longest, .connect_timeout = longest, .idle_timeout = longest}));
}

TEST_CASE("A time limit of zero is none, and one that would overflow is cut") {
  using headrace::api::limit_of;
  CHECK_FALSE(limit_of(0ms));
  CHECK(limit_of(5ms) == 5ms);
  CHECK(limit_of(std::chrono::milliseconds::max()) == std::chrono::hours(24 * 365 * 100));
}
