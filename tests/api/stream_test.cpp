#include <string>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::string_view chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// A stream whose head has come.
struct Streaming {
  explicit Streaming(std::string_view head = chunked) {
    Future<ResponseStream> opening = engine.stream({.url = server.url("/a")});
    peer.emplace(server.accept());
    peer->read_request();
    peer->send(head);
    stream.emplace(opening.get());
  }

  ScriptedServer server;
  Engine engine;
  std::optional<Peer> peer;
  std::optional<ResponseStream> stream;
};

ErrorCode code_of(const Result<std::string>& piece) {
  REQUIRE_FALSE(piece);
  return piece.error().code;
}

}  // namespace

TEST_CASE("A stream is opened by the head, and gives what comes until the body's end") {
  Streaming scene;
  CHECK(scene.stream->head().status == 200);
  CHECK(scene.stream->head().headers.get("Transfer-Encoding") == "chunked");
  scene.peer->send("3\r\nabc\r\n");
  CHECK(scene.stream->read().get() == "abc");
  CHECK(scene.stream->trailers().empty());

  Future<std::string> waiting = scene.stream->read();
  CHECK_FALSE(waiting.ready());
  scene.peer->send("2\r\nde\r\n");
  CHECK(waiting.get() == "de");
  scene.peer->send("0\r\nDigest: x\r\n\r\n");
  CHECK(scene.stream->read().get() == "");
  CHECK(scene.stream->read().get() == "");
  CHECK(scene.stream->trailers().get("Digest") == "x");

  // The connection is kept.
  Future<Response> next = scene.engine.get(scene.server.url("/b"));
  CHECK(scene.peer->read_request().target == "/b");
  scene.peer->send(ok("b"));
  CHECK(next.get().body == "b");
}

TEST_CASE("S17: a stream that can't be opened fails with what went wrong") {
  Engine engine;
  const Result<ResponseStream> refused = engine.stream({.url = "nonsense"}).wait();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);

  ScriptedServer server;
  Future<ResponseStream> opening = engine.stream({.method = "POST", .url = server.url()});
  server.accept().read_request();  // and closes
  const Result<ResponseStream> lost = opening.wait();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == ErrorCode::connection_lost);
}

TEST_CASE("A stream that breaks off gives what had come and then the error, again and again") {
  Streaming scene("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  scene.peer->close();
  CHECK(scene.stream->read().get() == "abc");
  CHECK(code_of(scene.stream->read().wait()) == ErrorCode::connection_lost);
  CHECK(code_of(scene.stream->read().wait()) == ErrorCode::connection_lost);
}

TEST_CASE("One reading waits at a time; giving it up loses nothing") {
  Streaming scene;
  Future<std::string> first = scene.stream->read();
  CHECK(code_of(scene.stream->read().wait()) == ErrorCode::invalid_argument);
  first.cancel();
  CHECK(code_of(first.wait()) == ErrorCode::cancelled);
  {
    const Future<std::string> dropped = scene.stream->read();
  }
  scene.peer->send("3\r\nabc\r\n0\r\n\r\n");
  CHECK(scene.stream->read().get() == "abc");
  CHECK(scene.stream->read().get() == "");
}

TEST_CASE("A stream that is dropped gives its rest up") {
  Streaming scene("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc");
  SECTION("by itself") {
    scene.stream.reset();
    CHECK_NOTHROW(scene.peer->expect_closed());
  }
  SECTION("assigned to") {
    Streaming other;
    *scene.stream = std::move(*other.stream);
    CHECK_NOTHROW(scene.peer->expect_closed());
    CHECK_FALSE(scene.stream->read().ready());
  }
}

TEST_CASE("A future that is dropped opens no stream") {
  ScriptedServer other;
  other.serve(echo_targets);
  ScriptedServer server;
  Engine engine;
  HeldLoop held(engine.get(other.url()), [] {});
  {
    const Future<ResponseStream> opening = engine.stream({.url = server.url()});
  }
  Future<Response> next = engine.get(server.url("/b"));
  held.release();
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/b");
  peer.send(ok("b"));
  CHECK(next.get().body == "b");
}

TEST_CASE("S44: the engine's end is the stream's") {
  Streaming scene;
  Future<std::string> waiting = scene.stream->read();
  scene.engine.shut_down({});
  CHECK(code_of(waiting.wait()) == ErrorCode::closed);
  CHECK(code_of(scene.stream->read().wait()) == ErrorCode::closed);
}

TEST_CASE("Pieces can be awaited by callbacks") {
  Streaming scene;
  Future<std::size_t> size =
      scene.stream->read().then([](Result<std::string> piece) { return piece.value().size(); });
  scene.peer->send("3\r\nabc\r\n");
  CHECK(size.get() == 3);
}

TEST_CASE("A stream that was moved from has nothing to read") {
  Streaming scene;
  const ResponseStream taken = *std::move(scene.stream);
  CHECK(code_of(scene.stream->read().wait()) == ErrorCode::invalid_argument);
  CHECK(scene.stream->trailers().empty());
}
