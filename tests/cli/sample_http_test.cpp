#include "bindings/cli/sample/http.hpp"

#include "tests/support/catch.hpp"

using namespace headrace::sample;

namespace {

ParseState state(std::string_view bytes) { return parse_request(bytes).state; }

}  // namespace

TEST_CASE("the sample server reads one request at a time from what has come") {
  const std::string first = "POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  const std::string both = first + "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  const ParseResult result = parse_request(both);
  REQUIRE(result.state == ParseState::complete);
  CHECK(result.consumed == first.size());
  CHECK(result.request.method == "POST");
  CHECK(result.request.target == "/a?b");
  CHECK(result.request.body == "abc");
  CHECK_FALSE(result.request.last);
  for (std::size_t size = 0; size < first.size(); ++size)
    CHECK(state(first.substr(0, size)) == ParseState::incomplete);
}

TEST_CASE("the sample server refuses what it does not understand") {
  for (const char* head :
       {"GET /\r\n", "GET  / HTTP/1.1\r\nHost: h\r\n", "GET / HTTP/2\r\nHost: h\r\n",
        "GET a HTTP/1.1\r\nHost: h\r\n", "G@T / HTTP/1.1\r\nHost: h\r\n", "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n", "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n"}) {
    CAPTURE(head);
    CHECK(state(std::string(head) + "\r\n") == ParseState::bad);
  }
  CHECK(state(std::string(20'000, 'a')) == ParseState::bad);
}

TEST_CASE("the sample server knows when a connection ends") {
  CHECK(parse_request("GET / HTTP/1.0\r\n\r\n").request.last);
  CHECK(parse_request("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n").request.last);
  CHECK(render_answer({.status = 200, .body = "x"}, true, true) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n"
        "Connection: close\r\n\r\n");
}
