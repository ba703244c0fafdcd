// Answers right and wrong, from the socket to the future.

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

const std::string early_hints = "HTTP/1.1 103 Early Hints\r\n\r\n";

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

// Sends `answer` to the first of two pipelined GETs. Its code comes back; the second must be
// answered on another connection and must not be charged for it.
ErrorCode code_for(const std::string& answer, Options options = on_one_connection()) {
  ScriptedServer server;
  options.attempts_max = 1;
  Engine engine(options);
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  first.read_requests(2);
  first.send(answer);
  const ErrorCode code = code_of(calls[0]);
  first.expect_closed();
  check_asked_anew(server, "/2", calls[1]);
  return code;
}

// The answer to one GET, cut into pieces of `piece` bytes.
Response response_to(std::string_view answer, std::size_t piece = std::string_view::npos,
                     Options options = on_one_connection()) {
  ScriptedServer server;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  for (; !answer.empty(); answer.remove_prefix(std::min(piece, answer.size())))
    peer.send(answer.substr(0, piece));
  return call.get();
}

}  // namespace

TEST_CASE("S35: a chunked body and its trailers arrive whole, however the bytes are cut") {
  const auto piece = GENERATE(as<std::size_t>(), 1, 2, 7, 100000);
  const Response response = response_to(
      "HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n"
      "5\r\nhello\r\n7;name=value\r\n, world\r\n0\r\nX-Sum: 12\r\n\r\n",
      piece);
  CHECK(response.status == 200);
  CHECK(response.reason == "Fine");
  CHECK(response.body == "hello, world");
  CHECK(response.headers.get("x-a") == "1");
  CHECK(response.trailers.get("x-sum") == "12");
  CHECK_FALSE(response.headers.contains("x-sum"));
  CHECK(response.body.capacity() >= response.body.size() + 64);
}

TEST_CASE("S32: 32 of 1xx are read past, an unexpected 100 among them") {
  CHECK(response_to(times(31, early_hints) + "HTTP/1.1 100 Continue\r\n\r\n" + ok("end")).body ==
        "end");
}

TEST_CASE("S32: the 33rd of 1xx closes") {
  CHECK(code_for(times(33, early_hints)) == ErrorCode::informational_flood);
}

TEST_CASE("S33: equal repeated lengths are accepted") {
  CHECK(response_to("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi").body ==
        "hi");
}

TEST_CASE("S18: an error status is an answer") {
  const auto status = GENERATE(408, 421, 425, 429, 500, 502, 503, 504);
  const std::string code = std::to_string(status);
  const Response response = response_to("HTTP/1.1 " + code + " No\r\nContent-Length: 2\r\n\r\nno");
  CHECK(response.status == status);
  CHECK(response.attempts == 1);
}

TEST_CASE("S33: an answer that breaks the rules fails its own request and moves the next") {
  const auto [answer] = GENERATE(table<const char*>({
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"},
      {"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\nab"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naX\r\n0\r\n\r\n"},
      {"HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
      {"HTTP/1.1 200 OK\r\nA: b\rC: d\r\nContent-Length: 0\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n"},
      {"HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n"},
      {"HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n"},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"},
      {"HTTP/2 200\r\n\r\n"},
      {"RTSP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {"220 mail.example ESMTP\r\n"},
  }));
  INFO(answer);
  CHECK(code_for(answer) == ErrorCode::protocol_error);
}

TEST_CASE("S33: a NUL in a field is refused") {
  using namespace std::string_literals;
  CHECK(code_for("HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n"s) ==
        ErrorCode::protocol_error);
}

TEST_CASE("S34: a folded field is refused") {
  CHECK(code_for("HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n") ==
        ErrorCode::protocol_error);
}

TEST_CASE("S36: a head over its limit in bytes or fields is an error of its own") {
  Options options = on_one_connection();
  options.head_bytes_max = 4096;
  options.head_fields_max = 20;
  const std::string begin = "HTTP/1.1 200 OK\r\n";
  CHECK(code_for(begin + "A: " + std::string(5000, 'a') + "\r\n\r\n", options) ==
        ErrorCode::head_too_large);
  CHECK(code_for(begin + times(21, "A: b\r\n") + "\r\n", options) == ErrorCode::head_too_large);
}

TEST_CASE("S36: a body over its limit is an error of its own, announced or not") {
  Options options = on_one_connection();
  options.body_bytes_max = 1000;
  CHECK(code_for("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", options) ==
        ErrorCode::body_too_large);
  CHECK(code_for(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'b'),
            options) == ErrorCode::body_too_large);
  CHECK(response_to(ok(std::string(1000, 'b')), std::string_view::npos, options).body.size() ==
        1000);
}

TEST_CASE("S36: trailers count against the limit of the head") {
  Options options = on_one_connection();
  options.head_bytes_max = 4096;
  CHECK(code_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " +
                     std::string(5000, 'a') + "\r\n\r\n",
                 options) == ErrorCode::head_too_large);
}

TEST_CASE("S4: an answer before the whole request was sent closes the connection as desync") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  // More than the socket's buffers hold, of which the server reads nothing before it answers.
  Future<Response> call =
      engine.submit(post(server, "/", std::string(std::size_t{32} << 20U, 'x')));
  peer.socket().receive();
  peer.send(ok("too early"));
  CHECK(code_of(call) == ErrorCode::desync);
}

TEST_CASE("S4: a final error may come before the whole request was sent") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> call =
      engine.submit(post(server, "/", std::string(std::size_t{32} << 20U, 'x')));
  peer.socket().receive();
  peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
  const Response response = call.get();
  CHECK(response.status == 413);
  CHECK(response.body == "big");
}
