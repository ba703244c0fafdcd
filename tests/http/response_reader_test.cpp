#include "engine/http/response_reader.hpp"

#include <utility>

#include "tests/http/corpus.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::http;
using namespace headrace::http::test;

namespace {

using Kind = ResponseEvent::Kind;

const std::string hello_head = "200 OK 1.1 length=5 keep [Content-Length: 5]";

// Of a stream that is not followed by its end.
Transcript read_open(std::string bytes, std::vector<Expected> expected = {}) {
  return read({.bytes = std::move(bytes), .expected = std::move(expected), .ending = Ending::open});
}

Transcript answers(std::initializer_list<Transcript> parts) {
  Transcript all;
  for (const Transcript& part : parts) all.insert(all.end(), part.begin(), part.end());
  all.emplace_back("between responses");
  return all;
}

const Transcript hello_events = {hello_head, "body hello", "end"};

std::string error_of(const Stream& stream) {
  Reading reading{stream};
  reading.feed(stream.bytes);
  reading.finish();
  return reading.reader().error().detail;
}

}  // namespace

TEST_CASE("Pipelined responses come out one after the other, in order") {
  CHECK(read_open(hello + hello) == answers({hello_events, hello_events}));
}

TEST_CASE("A head gives status, reason, version and fields, values without the space around them") {
  CHECK(read_open("HTTP/1.1 404 Not  here\r\nA: \t b c \t\r\na:\r\nContent-Length:\t0\t\r\n\r\n") ==
        answers({{"404 Not  here 1.1 length=0 keep [A: b c, a: , Content-Length: 0]", "end"}}));
  CHECK(read_open("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n") ==
        answers({{"200  1.1 length=0 keep [Content-Length: 0]", "end"}}));
}

TEST_CASE("A reason is what stands there, also where it begins or ends like the usual one") {
  for (const std::string reason : {"", " ", "O", "K", "OK ", " OK", "OKAY", "OK OK", "Ok"}) {
    CAPTURE(reason);
    CHECK(read_open("HTTP/1.1 200 " + reason + "\r\nContent-Length: 0\r\n\r\n" + hello) ==
          answers(
              {{"200 " + reason + " 1.1 length=0 keep [Content-Length: 0]", "end"}, hello_events}));
  }
}

TEST_CASE("A chunked body loses its chunks and extensions, and its trailers come with the end") {
  CHECK(read_open(ok(chunked, "5;a=b\r\nhello\r\nA\r\n, trailers\r\n0\r\nT: 1\r\nU: 2\r\n\r\n") +
                  hello) == answers({{"200 OK 1.1 chunked keep [Transfer-Encoding: chunked]",
                                      "body hello, trailers", "end [T: 1, U: 2]"},
                                     hello_events}));
}

TEST_CASE("Trailers never change framing") {
  const std::string trailers =
      "0\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n";
  CHECK(read_open(ok(chunked, trailers) + hello) ==
        answers({{"200 OK 1.1 chunked keep [Transfer-Encoding: chunked]",
                  "end [Content-Length: 9, Transfer-Encoding: gzip, Connection: close]"},
                 hello_events}));
}

TEST_CASE("Head and trailers may be moved from, and the next response has its own") {
  ResponseReader reader{roomy};
  reader.expect({});
  const std::string bytes = ok(chunked, "0\r\nT: 1\r\n\r\n");
  for (int round = 0; round < 2; ++round) {
    Bytes rest = bytes;
    REQUIRE(reader.next(rest).kind == Kind::head);
    const ResponseHead head = std::move(reader.head());
    REQUIRE(reader.next(rest).kind == Kind::end);
    const Headers trailers = std::move(reader.trailers());
    CHECK(head.reason == "OK");
    CHECK(head.headers == Headers{{"Transfer-Encoding", "chunked"}});
    CHECK(trailers == Headers{{"T", "1"}});
    CHECK(reader.next(rest).kind == Kind::need_more);
  }
}

TEST_CASE("Every event is told before the bytes behind it are taken") {
  ResponseReader reader{roomy};
  reader.expect({});
  const std::string bytes = hello + hello;
  Bytes rest = bytes;
  CHECK(reader.next(rest).kind == Kind::head);
  CHECK(rest == "hello" + hello);
  const ResponseEvent body = reader.next(rest);
  CHECK(body.data == "hello");
  CHECK(body.data.data() == bytes.data() + bytes.find("hello"));  // a view, not a copy
  CHECK(rest == hello);
  CHECK(reader.next(rest).kind == Kind::end);
  CHECK(rest == hello);
}

TEST_CASE("A response has begun with its first byte, and not with a CRLF before it") {
  ResponseReader reader{roomy};
  reader.expect({});
  const auto feed = [&reader](Bytes bytes) {
    while (reader.next(bytes).kind != Kind::need_more) {
    }
    return reader.in_response();
  };
  CHECK_FALSE(feed("\r\n\r"));
  CHECK_FALSE(feed("\n"));
  CHECK(feed("H"));
  CHECK(feed("TTP/1.1 100 Continue\r\n\r\n"));  // the final one is still to come
  CHECK(feed("\r\n"));
  CHECK_FALSE(feed(hello));
}

TEST_CASE(
    "S12: HEAD, 1xx, 204 and 304 have no body whatever their headers say, and keep the "
    "connection") {
  CHECK(read_open(ok("Content-Length: 5\r\n") + ok(chunked) + ok("") + hello,
                  {{.head = true}, {.head = true}, {.head = true}}) ==
        answers({{"200 OK 1.1 none keep [Content-Length: 5]", "end"},
                 {"200 OK 1.1 none keep [Transfer-Encoding: chunked]", "end"},
                 {"200 OK 1.1 none keep []", "end"},
                 hello_events}));
  for (const std::string status : {"204", "304"})
    for (const std::string line : {"Content-Length: 5", "Transfer-Encoding: chunked"})
      CHECK(read_open("HTTP/1.1 " + status + " x\r\n" + line + "\r\n\r\n" + hello) ==
            answers({{status + " x 1.1 none keep [" + line + "]", "end"}, hello_events}));
  for (const std::string status : {"100", "102", "103", "199"})
    CHECK(read_open("HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\n" + hello) ==
          answers({{"1xx " + status + " x 1.1 none keep [Content-Length: 5]"}, hello_events}));
}

TEST_CASE("S12: the body limit does not concern a HEAD's Content-Length") {
  CHECK(read_open(ok("Content-Length: 99999999999\r\n"), {{.head = true}}) ==
        answers({{"200 OK 1.1 none keep [Content-Length: 99999999999]", "end"}}));
}

TEST_CASE("S32: as many 1xx as allowed come before the final response, one more is a flood") {
  std::string bytes;
  Transcript events;
  for (unsigned i = 0; i < roomy.informational_max; ++i) {
    bytes += "HTTP/1.1 100 Continue\r\n\r\n";
    events.emplace_back("1xx 100 Continue 1.1 none keep []");
  }
  CHECK(read_open(bytes + hello + bytes + hello) ==
        answers({events, hello_events, events, hello_events}));
  events.insert(events.end(), {"failed informational_flood", "in a response"});
  CHECK(read_open(bytes + "HTTP/1.1 103 Early\r\n\r\n" + hello) == events);
}

TEST_CASE("S32: 101 is an answer to who asked for it and a fault otherwise") {
  const std::string switching =
      "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
  const std::string head = "101 Switching 1.1 none last [Connection: upgrade, Upgrade: x]";
  CHECK(read_open(switching, {{.upgrade = true}}) == answers({{head, "end"}}));
  CHECK(read_open(switching + "other", {{.upgrade = true}}) ==
        answers({{head, "end", "failed protocol_error"}}));
  CHECK(read_open(switching) == Transcript{"failed protocol_error", "in a response"});
}

TEST_CASE("A connection persists as RFC 9112 section 9.3 says") {
  const auto is_kept = [](const std::string& version, const std::string& line) {
    const Transcript transcript =
        read_open("HTTP/" + version + " 200 OK\r\n" + line + "Content-Length: 0\r\n\r\n");
    return transcript.front().contains(" keep ");
  };
  CHECK(is_kept("1.1", ""));
  CHECK(is_kept("1.1", "Connection: keep-alive\r\n"));
  CHECK(is_kept("1.1", "Connection: closed, x\r\n"));
  CHECK_FALSE(is_kept("1.1", "Connection: close\r\n"));
  CHECK_FALSE(is_kept("1.1", "Connection: CLOSE\t\r\n"));
  CHECK_FALSE(is_kept("1.1", "Connection: x ,\tclose\t, y\r\n"));
  CHECK_FALSE(is_kept("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK_FALSE(is_kept("1.0", ""));
  CHECK(is_kept("1.0", "Connection: Keep-Alive\r\n"));
  CHECK_FALSE(is_kept("1.0", "Connection: keep-alive, close\r\n"));
}

TEST_CASE("Nothing but CRLF may come after the connection's last response") {
  const std::string last = ok("Content-Length: 0\r\nConnection: close\r\n");
  const Transcript events = {"200 OK 1.1 length=0 last [Content-Length: 0, Connection: close]",
                             "end"};
  CHECK(read_open(last + "\r\n\r\n") == answers({events}));
  CHECK(read_open(last + hello) == answers({events, {"failed protocol_error"}}));
}

TEST_CASE("S38: the end of the stream ends a close-delimited body only if it is clean") {
  const Transcript begun = {"200 OK 1.1 until_close last []", "body all"};
  Transcript ended = begun;
  ended.insert(ended.end(), {"end", "between responses"});
  Transcript broken = begun;
  broken.insert(broken.end(), {"failed connection_lost", "in a response"});
  CHECK(read({.bytes = ok("", "all"), .ending = Ending::clean}) == ended);
  CHECK(read({.bytes = ok("", "all"), .ending = Ending::broken}) == broken);
}

TEST_CASE("S38: the end of the stream inside a framed response is a loss, clean or not") {
  for (const Ending ending : {Ending::clean, Ending::broken})
    for (const std::string& bytes :
         {"H"s, "HTTP/1.1 200 OK\r\nA"s, ok("Content-Length: 5\r\n", "hell"), ok(chunked),
          ok(chunked, "5\r\nhel"), ok(chunked, "1\r\nx\r\n0\r\n"), ok(chunked, "0\r\nT: 1\r\n"),
          "HTTP/1.1 100 Continue\r\n\r\n"s}) {
      CAPTURE(bytes);
      const Transcript transcript = read({.bytes = bytes, .ending = ending});
      CHECK(transcript[transcript.size() - 2] == "failed connection_lost");
      CHECK(transcript.back() == "in a response");
    }
}

TEST_CASE("S38: the end of the stream between responses says nothing, and a complete one stands") {
  for (const Ending ending : {Ending::clean, Ending::broken}) {
    CHECK(read({.bytes = "", .ending = ending}) == answers({}));
    CHECK(read({.bytes = "\r\n\r", .ending = ending}) == answers({}));
    CHECK(read({.bytes = hello, .ending = ending}) == answers({hello_events}));
  }
}

TEST_CASE("finish() tells the end that was known before, also to a caller that left off early") {
  ResponseReader reader{roomy};
  reader.expect({.head = true});
  const std::string bytes = ok("Content-Length: 5\r\n");
  Bytes rest = bytes;
  REQUIRE(reader.next(rest).kind == Kind::head);
  CHECK(reader.finish(false).kind == Kind::end);
  CHECK(reader.finish(false).kind == Kind::need_more);
}

TEST_CASE("A body goes on after a call without bytes") {
  ResponseReader reader{roomy};
  reader.expect({});
  const std::string bytes = ok("Content-Length: 5\r\n", "hel");
  Bytes rest = bytes;
  REQUIRE(reader.next(rest).kind == Kind::head);
  REQUIRE(reader.next(rest).data == "hel");
  Bytes nothing;
  REQUIRE(reader.next(nothing).kind == Kind::need_more);
  rest = "lo";
  CHECK(reader.next(rest).data == "lo");
  CHECK(reader.next(rest).kind == Kind::end);
}

TEST_CASE("What was expected of one response is not expected of the next") {
  ResponseReader reader{roomy};
  reader.expect({.head = true});
  const std::string bytes = ok("Content-Length: 5\r\n") + hello;
  Bytes rest = bytes;
  REQUIRE(reader.next(rest).kind == Kind::head);
  REQUIRE(reader.next(rest).kind == Kind::end);
  REQUIRE(reader.next(rest).kind == Kind::head);
  CHECK(reader.next(rest).data == "hello");
}

TEST_CASE("After a failure the reader stays failed and takes nothing more") {
  ResponseReader reader{roomy};
  reader.expect({});
  Bytes rest = "nonsense";
  CHECK(reader.next(rest).kind == Kind::failed);
  rest = hello;
  CHECK(reader.next(rest).kind == Kind::failed);
  CHECK(rest == hello);
  CHECK(reader.finish(true).kind == Kind::failed);
  CHECK(reader.error().code == ErrorCode::protocol_error);
}

TEST_CASE("Errors repeat the peer's bytes escaped and cut") {
  const std::string begin =
      "the response does not begin with HTTP/1.1 or HTTP/1.0 and a status of 100 to 599, but with ";
  CHECK(error_of({.bytes = "SSH-2.0-x\x1b\0\xff\"\r\n"s}) ==
        begin + R"("SSH-2.0-x\x1b\x00\xff\"\x0d")");
  CHECK(error_of({.bytes = "HTTP/1.1 999 x"}) == begin + R"("HTTP/1.1 999 x")");
  CHECK(error_of({.bytes = std::string(999, 'x')}) == begin + '"' + std::string(80, 'x') + "...\"");
  const std::string length =
      error_of({.bytes = ok("Content-Length: " + std::string(999, '\xff') + "\r\n")});
  CHECK(length.size() < 420);
  CHECK(length.contains(R"("\xff\xff)"));
}
