#include "bindings/cli/fetch_answer.hpp"
#include "bindings/cli/fetch_request.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::cli;
using namespace std::chrono_literals;

namespace {

std::string refused(std::string line) {
  const FetchLine parsed = parse_fetch_line(std::move(line));
  return parsed.request ? "accepted" : parsed.request.error();
}

std::string written(const std::optional<std::string>& id, const Result<Response>& result) {
  std::string out;
  append_answer(out, id, 7, result);
  return out;
}

}  // namespace

TEST_CASE("a line with all its keys becomes a request") {
  const FetchLine line = parse_fetch_line(
      R"({"id":"a","method":"POST","url":"http://h/x","headers":[["K","V"],["K","W"]],)"
      R"("body_base64":"AAE=","timeout_ms":5000,"repeat":"allowed"})");
  CHECK(line.id == "a");
  REQUIRE(line.request);
  CHECK(line.request->method == "POST");
  CHECK(line.request->url == "http://h/x");
  CHECK(line.request->headers.get_all("K") == "V, W");
  CHECK(line.request->body == std::string("\0\1", 2));
  CHECK(line.request->timeout == 5000ms);
  CHECK(line.request->repeat == Repeat::allowed);
}

TEST_CASE("all but id and url may be left out or null") {
  const FetchLine line = parse_fetch_line(
      R"({"url":"http://h","id":"","method":null,"headers":null,"body":null,"timeout_ms":null})");
  CHECK(line.id == "");
  REQUIRE(line.request);
  CHECK(line.request->method == "GET");
  CHECK(line.request->headers.empty());
  CHECK_FALSE(line.request->timeout);
}

TEST_CASE("a line that makes no sense is refused with its id and a sentence") {
  const FetchLine line = parse_fetch_line(R"({"id":"a","url":"u","methd":"GET"})");
  CHECK(line.id == "a");
  REQUIRE_FALSE(line.request);
  CHECK(line.request.error() ==
        "there is no key \"methd\": use id, method, url, headers, body, body_base64, timeout_ms, "
        "repeat");
  CHECK(refused(R"({"id":"a"})") == "give a \"url\" that is a string");
  CHECK(refused(R"({"id":"a","url":1})") == "\"url\" must be a string");
  CHECK(refused(R"({"id":"a","url":"u","url":"u"})") == "\"url\" is given twice");
  CHECK(refused(R"({"id":"a","url":"u","body":"","body_base64":""})") ==
        "give \"body\" or \"body_base64\", not both");
  CHECK(refused(R"({"id":"a","url":"u","body_base64":"A"})") ==
        "\"body_base64\" must be a string of base64 with its padding");
  for (const char* timeout : {"-1", "1.5", "\"5\"", "1e3", "99999999999999999999", "true"}) {
    CAPTURE(timeout);
    const std::string line_text = R"({"id":"a","url":"u","timeout_ms":)" + std::string(timeout);
    CHECK(refused(line_text + "}").starts_with("\"timeout_ms\" must be a whole number"));
  }
  for (const char* headers : {"{}", "[[\"a\"]]", "[[\"a\",1]]", "[\"a\",\"b\"]", "\"a: b\""}) {
    CAPTURE(headers);
    const std::string line_text = R"({"id":"a","url":"u","headers":)" + std::string(headers);
    CHECK(refused(line_text + "}").starts_with("\"headers\" must be an array"));
  }
  CHECK(refused(R"({"id":"a","url":"u","repeat":"always"})").starts_with("\"repeat\" must be"));
}

TEST_CASE("a line whose id cannot be told has none") {
  for (const char* text :
       {R"({"url":"u"})", R"({"id":1,"url":"u"})", R"({"id":null,"url":"u"})",
        R"({"id":"a","id":"b","url":"u"})", "nonsense", "[]", R"({"id":"a","url":"u")"}) {
    CAPTURE(text);
    const FetchLine line = parse_fetch_line(text);
    CHECK_FALSE(line.id);
    CHECK_FALSE(line.request);
  }
}

TEST_CASE("a response is written as the line protocol has it") {
  Response response{.status = 404, .http_minor = 0, .reason = "N\xf6pe", .body = "\xff\n"};
  response.headers.append("K", "V\xe9");
  response.trailers.append("T", "1");
  response.attempts = 2;
  CHECK(written("a\"", response) ==
        "{\"id\":\"a\\\"\",\"status\":404,\"http_version\":\"1.0\",\"reason\":\"N\u00f6pe\","
        "\"headers\":[[\"K\",\"V\u00e9\"]],\"trailers\":[[\"T\",\"1\"]],\"body_base64\":\"/wo=\","
        "\"attempts\":2,\"error\":null}\n");
}

TEST_CASE("an error is written as the line protocol has it, with the line when there is no id") {
  const Error lost{.code = ErrorCode::connection_lost,
                   .progress = headrace::Progress::sent,
                   .attempts = 2,
                   .safe_to_repeat = true,
                   .detail = "the server\x01 went"};
  CHECK(written("a", std::unexpected(lost)) ==
        "{\"id\":\"a\",\"error\":{\"code\":\"connection_lost\",\"message\":\"the server\\u0001 "
        "went\",\"progress\":\"sent\",\"attempts\":2,\"safe_to_repeat\":true}}\n");
  CHECK(written(std::nullopt, std::unexpected(Error{.code = ErrorCode::invalid_argument})) ==
        "{\"id\":null,\"line\":7,\"error\":{\"code\":\"invalid_argument\",\"message\":\"\","
        "\"progress\":\"queued\",\"attempts\":0,\"safe_to_repeat\":false}}\n");
}
