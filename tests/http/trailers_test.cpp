#include <string>
#include <vector>

#include "engine/http/limits.hpp"
#include "engine/http/request_fields.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;

TEST_CASE("S37: trailers are lines of their own, without the whitespace around values") {
  CHECK(render_trailers({}).value().empty());
  CHECK(render_trailers({{"Digest", " sha-256=x\t"}, {"Empty", ""}}).value() ==
        "Digest: sha-256=x\r\nEmpty: \r\n");
}

TEST_CASE("S37: what could be read as another line is refused") {
  for (const Headers& bad : std::vector<Headers>{{{"", "x"}},
                                                 {{"a b", "x"}},
                                                 {{"a:", "x"}},
                                                 {{"a\r\nb", "x"}},
                                                 {{"a", "x\ny"}},
                                                 {{"a", std::string_view("x\0", 2)}}}) {
    const Result<std::string> lines = render_trailers(bad);
    REQUIRE_FALSE(lines);
    CHECK(lines.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("What frames, routes, authenticates or changes a request is no trailer") {
  for (const char* name : {"Content-Length", "transfer-encoding", "HOST", "Connection", "Trailer",
                           "TE", "Upgrade", "Expect", "Authorization", "Proxy-Authorization",
                           "Cookie", "Content-Type", "Content-Encoding", "Content-Range", "Range",
                           "Cache-Control", "Max-Forwards", "If-Match", "if-none-match"}) {
    const Result<std::string> lines = render_trailers({{"Digest", "x"}, {name, "x"}});
    INFO(name);
    REQUIRE_FALSE(lines);
    CHECK(lines.error().detail.contains(name));
  }
}

TEST_CASE("S37: trailers have the heads' bound") {
  const std::string value(limits::request_head_bytes_max - std::string_view("a: \r\n").size(), 'x');
  CHECK(render_trailers({{"a", value}}).value().size() == limits::request_head_bytes_max);
  CHECK_FALSE(render_trailers({{"a", value + "x"}}));
}
