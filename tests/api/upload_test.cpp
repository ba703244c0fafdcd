#include <fstream>
#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/promise.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// The pieces one after the other, each there when it is asked for.
BodySource source_of(std::vector<std::string> pieces, std::optional<std::uint64_t> length = {}) {
  return {.next =
              [pieces, at = std::size_t{0}]() mutable {
                return Future<std::string>(at < pieces.size() ? pieces[at++] : std::string());
              },
          .length = length};
}

Request put(const ScriptedServer& server, BodySource source) {
  return {.method = "PUT", .url = server.url("/a"), .body_source = std::move(source)};
}

Error error_of(Future<Response> call) {
  Result<Response> result = call.wait();
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("A body with a source is sent with its length, or chunked") {
  ScriptedServer server;
  Engine engine;
  const bool known = GENERATE(false, true);
  Future<Response> call = engine.submit(put(
      server, source_of({"abc", "de"}, known ? std::optional<std::uint64_t>(5) : std::nullopt)));
  Peer peer = server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.body == "abcde");
  CHECK(request.field("Content-Length").value_or("none") == (known ? "5" : "none"));
  CHECK(request.field("Transfer-Encoding").value_or("none") == (known ? "none" : "chunked"));
  peer.send(ok("stored"));
  CHECK(call.get().body == "stored");

  // And the connection is kept.
  Future<Response> next = engine.get(server.url("/b"));
  CHECK(peer.read_request().target == "/b");
  peer.send(ok("b"));
  CHECK(next.get().body == "b");
}

TEST_CASE("A piece may come later, from any thread") {
  ScriptedServer server;
  Engine engine;
  test::Promise<std::string> piece;
  std::promise<void> asked;
  Future<Response> call = engine.submit(put(server, {.next =
                                                         [&] {
                                                           asked.set_value();
                                                           return piece.future();
                                                         },
                                                     .length = 3}));
  Peer peer = server.accept();
  asked.get_future().wait();
  piece.complete(std::string("abc"));
  CHECK(peer.read_request().body == "abc");
  peer.send(ok(""));
  CHECK(call.get().status == 200);
}

TEST_CASE("A stream can be sent on as it comes") {
  ScriptedServer from;
  ScriptedServer to;
  Engine engine;
  Future<ResponseStream> opening = engine.stream({.url = from.url()});
  Peer source = from.accept();
  source.read_request();
  source.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
  ResponseStream stream = opening.get();
  Future<Response> call = engine.submit(put(to, {.next = [&] { return stream.read(); }}));
  Peer sink = to.accept();
  source.send("def");
  CHECK(sink.read_request().body == "abcdef");
  sink.send(ok("stored"));
  CHECK(call.get().body == "stored");
}

TEST_CASE("A source that fails says why in its request's error") {
  struct Failing {
    std::function<Future<std::string>()> next;
    ErrorCode code;
    std::string detail;
  };
  const std::vector<Failing> sources{
      {[] {
         return Future<std::string>(Result<std::string>(
             std::unexpected(Error{.code = ErrorCode::closed, .detail = "no"})));
       },
       ErrorCode::closed, "no"},
      {[]() -> Future<std::string> { throw std::runtime_error("torn"); }, ErrorCode::internal,
       "a callback threw: torn"},
      {[] { return Future<std::string>(); }, ErrorCode::invalid_argument,
       "the body's source gave an empty future"}};
  ScriptedServer server;
  Engine engine;
  for (const Failing& source : sources) {
    const Error error = error_of(engine.submit(put(server, {.next = source.next})));
    CHECK(error.code == source.code);
    CHECK(error.detail == source.detail);
    CHECK(error.progress == Progress::sent);
    CHECK(error.origin + "/" == server.url());
  }
}

TEST_CASE("A body is given once, and by something that can give it") {
  Engine engine;
  Request both{.method = "PUT", .url = "http://h/", .body = "x", .body_source = source_of({})};
  CHECK(error_of(engine.submit(both)).detail == "the request has both a body and a body_source");
  Request nothing{.method = "PUT", .url = "http://h/", .body_source = BodySource{}};
  CHECK(error_of(engine.submit(nothing)).code == ErrorCode::invalid_argument);
}

TEST_CASE("The engine's end is the upload's, whatever its source is about to give") {
  ScriptedServer server;
  test::Promise<std::string> piece;
  std::optional<Engine> engine(std::in_place);
  std::promise<void> asked;
  Future<Response> call = engine->submit(put(server, {.next = [&] {
                                               asked.set_value();
                                               return piece.future();
                                             }}));
  Peer peer = server.accept();
  asked.get_future().wait();
  engine.reset();
  CHECK(error_of(std::move(call)).code == ErrorCode::closed);
  CHECK_NOTHROW(piece.complete(std::string("abc")));
}

TEST_CASE("A file is sent from its beginning to its end") {
  const TemporaryDirectory directory;
  const std::string path = directory / "body";
  std::string text(200'000, 'x');
  text += "end";
  std::ofstream(path) << text;
  ScriptedServer server;
  Engine engine;
  Result<BodySource> source = body_from_file(path);
  REQUIRE(source);
  CHECK(source->length == text.size());
  Future<Response> call = engine.submit(put(server, *source));
  Peer peer = server.accept();
  CHECK((peer.read_request().body == text));
  peer.send(ok(""));
  CHECK(call.get().status == 200);
}

TEST_CASE("What is no file is said at once, a file that shrinks when it is sent") {
  const TemporaryDirectory directory;
  const Result<BodySource> missing = body_from_file(directory / "missing");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::invalid_argument);
  CHECK(missing.error().system_code == ENOENT);
  REQUIRE_FALSE(body_from_file(directory.path()));

  const std::string path = directory / "body";
  std::ofstream(path) << "abc";
  Result<BodySource> source = body_from_file(path);
  REQUIRE(source);
  std::ofstream(path, std::ios::trunc) << "a";
  ScriptedServer server;
  Engine engine;
  CHECK(error_of(engine.submit(put(server, *source))).detail ==
        "the body's source gave 2 bytes less than the length it was to have");
}

TEST_CASE("Trailers are asked for behind the last piece") {
  ScriptedServer server;
  Engine engine;
  bool asked = false;
  BodySource source = source_of({"abc"});
  source.next = [&, next = source.next] {
    CHECK_FALSE(asked);
    return next();
  };
  source.trailers = [&] {
    asked = true;
    return Headers{{"Digest", "x"}};
  };
  Future<Response> call = engine.submit(put(server, source));
  Peer peer = server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.body == "abc");
  CHECK(request.trailers == "Digest: x\r\n");
  peer.send(ok(""));
  CHECK(call.get().status == 200);
}

TEST_CASE("Trailers that have no place there, or cannot be had, fail the request") {
  struct Bad {
    std::function<Headers()> trailers;
    ErrorCode code;
    std::string detail;
  };
  const std::vector<Bad> rows{
      {[] { return Headers{{"Content-Length", "3"}}; }, ErrorCode::invalid_argument,
       "the field \"Content-Length\" has no place in trailers (RFC 9110 §6.5.1): send it with the "
       "head"},
      {[] { return Headers{{"A", "1\r\nB: 2"}}; }, ErrorCode::invalid_argument,
       "the value of the header field \"A\" has a control character (CR, LF and NUL are such)"},
      {[]() -> Headers { throw std::runtime_error("torn"); }, ErrorCode::internal,
       "a callback threw: torn"}};
  ScriptedServer server;
  Engine engine;
  for (const Bad& row : rows) {
    BodySource source = source_of({"abc"});
    source.trailers = row.trailers;
    const Error error = error_of(engine.submit(put(server, source)));
    CHECK(error.code == row.code);
    CHECK(error.detail == row.detail);
    CHECK(error.progress == Progress::sent);
  }
}

TEST_CASE("A body of known length has no trailers") {
  Engine engine;
  BodySource source = source_of({"abc"}, 3);
  source.trailers = [] { return Headers(); };
  const Error error =
      error_of(engine.submit({.method = "PUT", .url = "http://h/", .body_source = source}));
  CHECK(error.code == ErrorCode::invalid_argument);
  CHECK(error.detail.contains("a length and trailers"));
  CHECK(error.safe_to_repeat);
}

TEST_CASE("A body in memory waits for the server's leave when it is told to expect it") {
  ScriptedServer server;
  Engine engine({.expect_timeout = patience});
  Future<Response> call = engine.submit({.method = "POST",
                                         .url = server.url("/a"),
                                         .headers = {{"Expect", "100-continue"}},
                                         .body = "abc"});
  Peer peer = server.accept();
  CHECK(peer.read_until("\r\n\r\n").contains("Content-Length: 3\r\n"));
  CHECK(peer.silent());
  peer.send("HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(peer.read_until("abc") == "abc");
  peer.send(ok("stored"));
  CHECK(call.get().body == "stored");
}
