#include "engine/api/check_options.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <string>

#include "headrace/engine.hpp"
#include "tests/support/catch.hpp"

using headrace::Engine;
using headrace::Error;
using headrace::ErrorCode;
using headrace::Options;
using headrace::Result;
using headrace::TlsOptions;
using namespace std::chrono_literals;

namespace {

struct Wrong {
  Options options;
  std::string detail;
};

const Wrong wrong_ones[] = {
    {{.connections_max = 0}, "option connections_max is 0, allowed is 1 or more"},
    {{.connections_total_max = 0}, "option connections_total_max is 0, allowed is 1 or more"},
    {{.loops = 0}, "option loops is 0, allowed is 1 to 256"},
    {{.loops = 257}, "option loops is 257, allowed is 1 to 256"},
    {{.loops = 8}, "option connections_max is 6, allowed is as much as loops or more, which is 8"},
    {{.loops = 3, .connections_total_max = 2},
     "option connections_total_max is 2, allowed is as much as loops or more, which is 3"},
    {{.loops = 2, .queue_requests_max = 1},
     "option queue_requests_max is 1, allowed is as much as loops or more, which is 2"},
    {{.loops = 2, .queue_bytes_max = 1},
     "option queue_bytes_max is 1, allowed is as much as loops or more, which is 2"},
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
    {{.retry_statuses = {503, 99}}, "option retry_statuses is 99, allowed is 100 to 599"},
    {{.retry_statuses = {600}}, "option retry_statuses is 600, allowed is 100 to 599"},
    {{.retry_pause = -1ms}, "option retry_pause is -1 ms, allowed is 0 (none) or more"},
    {{.retry_pause_max = -1ms}, "option retry_pause_max is -1 ms, allowed is 0 (none) or more"},
    {{.tls_timeout = -1ms}, "option tls_timeout is -1 ms, allowed is 0 (none) or more"},
    {{.write_timeout = -1ms}, "option write_timeout is -1 ms, allowed is 0 (none) or more"},
    {{.first_byte_timeout = -1ms},
     "option first_byte_timeout is -1 ms, allowed is 0 (none) or more"},
    {{.body_timeout = -1ms}, "option body_timeout is -1 ms, allowed is 0 (none) or more"},
    {{.hang_timeout = 0ms}, "option hang_timeout is 0 ms, allowed is 1 ms or more"},
    {{.connection_lifetime = -1ms},
     "option connection_lifetime is -1 ms, allowed is 0 (none) or more"},
    {{.requests_per_second = -0.5},
     "option requests_per_second is -0.500000, allowed is 0 (none) or more"},
    {{.requests_per_second = std::numeric_limits<double>::infinity()},
     "option requests_per_second is inf, allowed is 0 (none) or more"},
};

const Wrong wrong_tls[] = {
    {{.tls = {.certificate_file = "a", .certificate_pem = "b"}},
     "option tls.certificate_file and certificate_pem are both given: give one of them"},
    {{.tls = {.certificate_file = "a", .key_file = "b", .key_pem = "c"}},
     "option tls.key_file and key_pem are both given: give one of them"},
    {{.tls = {.key_file = "a"}},
     "option tls.key_file or key_pem is given without a client certificate: give certificate_file "
     "or certificate_pem too"},
    {{.origins = {{.origin = "https://a"},
                  {.origin = "https://b", .tls = TlsOptions{.key_file = "a"}}}},
     "option origins[1].tls.key_file or key_pem is given without a client certificate: give "
     "certificate_file or certificate_pem too"},
    {{.origins = {{.origin = "http://a", .tls = TlsOptions{}}}},
     "option origins[0]: the origin is plain http, so it can have neither tls nor server_name"},
    {{.origins = {{.origin = "http://a", .server_name = "b"}}},
     "option origins[0]: the origin is plain http, so it can have neither tls nor server_name"},
    {{.origins = {{.origin = "https://a", .server_name = ".b"}}},
     "option origins[0]: a server_name must be a host name or an IP address, without port, "
     "brackets "
     "or anything else"},
    {{.origins = {{.origin = "https://a", .server_name = "b:443"}}},
     "option origins[0]: a server_name must be a host name or an IP address, without port, "
     "brackets "
     "or anything else"},
};

const Wrong wrong_origins[] = {
    {{.origins = {{.origin = ""}}},
     "option origins[0]: the URL does not begin with http:// or https://"},
    {{.origins = {{.origin = "http://a"}, {.origin = "http://b:0"}}},
     "option origins[1]: the URL's port is not between 1 and 65535"},
    {{.origins = {{.origin = "http://me:secret@a"}}},
     "option origins[0]: the URL has a user name or password: send them in an Authorization field "
     "instead"},
    {{.origins = {{.origin = "http://a/b"}}},
     "option origins[0]: the URL has more than scheme, host and port"},
    {{.origins = {{.origin = "http://a?b"}}},
     "option origins[0]: the URL has more than scheme, host and port"},
    {{.origins = {{.origin = "http://A"}, {.origin = "http://a:80"}}},
     "option origins[1]: an earlier entry is for http://a:80 too"},
    {{.origins = {{.origin = "http://a", .requests_per_second = std::nan("")}}},
     "option origins[0].requests_per_second is nan, allowed is 0 (none) or more"},
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

TEST_CASE("An entry of origins that is no origin, or is there twice, is named by its number") {
  for (const Wrong& wrong : wrong_origins) {
    INFO(wrong.detail);
    const Result<Engine> engine = Engine::create(wrong.options);
    REQUIRE_FALSE(engine);
    CHECK(engine.error().code == ErrorCode::invalid_argument);
    CHECK(engine.error().detail == wrong.detail);
  }
}

TEST_CASE("TLS options that contradict each other are named") {
  for (const Wrong& wrong : wrong_tls) {
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
  CHECK(Engine::create({.retry_statuses = {100, 599},
                        .retry_pause = 0ms,
                        .retry_pause_max = 0ms,
                        .hang_timeout = 1ms,
                        .origins = {{.origin = "http://[::1]:8080", .requests_per_second = 0},
                                    {.origin = "HTTPS://cloud.example/"}}}));
}

TEST_CASE("Every time limit may be the longest there is, and is cut to a century") {
  const auto longest = std::chrono::milliseconds::max();
  const Options options{.retry_pause = longest,
                        .retry_pause_max = longest,
                        .timeout = longest,
                        .connect_timeout = longest,
                        .tls_timeout = longest,
                        .write_timeout = longest,
                        .first_byte_timeout = longest,
                        .body_timeout = longest,
                        .hang_timeout = longest,
                        .idle_timeout = longest,
                        .connection_lifetime = longest};
  CHECK(Engine::create(options));
  constexpr std::chrono::hours century{24 * 365 * 100};
  const Options cut = headrace::api::within_a_century(options);
  for (const auto limit :
       {cut.retry_pause, cut.retry_pause_max, cut.timeout, cut.connect_timeout, cut.tls_timeout,
        cut.write_timeout, cut.first_byte_timeout, cut.body_timeout, cut.hang_timeout,
        cut.idle_timeout, cut.connection_lifetime})
    CHECK(limit == century);
}

TEST_CASE("A time limit of zero is none, and one that would overflow is cut") {
  using headrace::api::limit_of;
  CHECK_FALSE(limit_of(0ms));
  CHECK(limit_of(5ms) == 5ms);
  CHECK(limit_of(std::chrono::milliseconds::max()) == std::chrono::hours(24 * 365 * 100));
}
