// S45: bodies that are not held whole, in both directions.

#include <cstring>
#include <iterator>
#include <vector>

#include "tests/c/scene.hpp"

using namespace headrace::test;

namespace {

hr_request streamed(const std::string& url) {
  hr_request request = get(url);
  request.streamed = 1;
  return request;
}

FutureHandle read_on(const FutureHandle& head, bool announce = false, void* user_data = nullptr) {
  return FutureHandle(hr_future_read(head.get(), announce, user_data));
}

std::string refusal_of(const FutureHandle& future) {
  const hr_error& error = error_of(future);
  CHECK(error.code == HR_INVALID_ARGUMENT);
  return text(error.detail);
}

// Gives its pieces one by one, then nothing, or what it is told to give.
struct Source {
  std::vector<std::string> pieces;
  std::ptrdiff_t last = 0;

  static std::ptrdiff_t read(void* context, char* buffer, std::size_t size) {
    auto& self = *static_cast<Source*>(context);
    if (self.pieces.empty()) return self.last;
    const std::string piece = self.pieces.front();
    self.pieces.erase(self.pieces.begin());
    REQUIRE(piece.size() <= size);
    std::memcpy(buffer, piece.data(), piece.size());
    return static_cast<std::ptrdiff_t>(piece.size());
  }
};

hr_request put(const std::string& url, Source& source, std::int64_t length) {
  hr_request request = get(url);
  request.method = str("PUT");
  request.read_body = Source::read;
  request.read_body_context = &source;
  request.body_length = length;
  return request;
}

// Only once nothing is left of the body.
std::size_t digest_of_nothing_left(void* context, const hr_field** fields) {
  static const hr_field digest[] = {{str("Digest"), str("abc")}, {str("Length"), str("3")}};
  REQUIRE(static_cast<Source*>(context)->pieces.empty());
  *fields = digest;
  return std::size(digest);
}

struct EchoScene {
  EchoScene() { server.serve(echo_targets); }

  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
};

}  // namespace

TEST_CASE("S45: a streamed future is ready with the head, its body comes in pieces") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  const FutureHandle head = submit(cloud, streamed(url));
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(body_of(head).empty());
  CHECK(hr_future_response(head.get())->status == 200);
  CHECK(hr_future_response(head.get())->fields_count == 2);

  const FutureHandle first = read_on(head);
  CHECK(refusal_of(read_on(head)).contains("another read"));
  CHECK_FALSE(hr_future_ready(first.get()));
  peer.send("3\r\nabc\r\n");
  CHECK(body_of(first) == "abc");
  CHECK(hr_future_response(first.get())->status == 0);
  peer.send("2\r\nde\r\n0\r\nDigest: x\r\n\r\n");
  std::string rest;
  FutureHandle last;
  do {
    last = read_on(head);
    rest += body_of(last);
  } while (hr_future_response(last.get())->body.size > 0);
  CHECK(rest == "de");
  CHECK(hr_future_response(last.get())->trailers_count == 1);
  CHECK(text(hr_response_trailer(hr_future_response(last.get()), 0).value) == "x");
  CHECK(body_of(read_on(head)).empty());
}

TEST_CASE("S45: pieces are announced as answers are") {
  const EchoScene scene;
  const FutureHandle head = submit(scene.cloud, streamed(scene.url));
  REQUIRE(hr_future_wait(head.get(), HR_NONE) == HR_WAIT_READY);
  int mine = 0;
  const FutureHandle piece = read_on(head, true, &mine);
  CHECK(body_of(piece) == "/a");
  hr_future* ready = nullptr;
  CHECK(hr_engine_take_ready(scene.cloud.get(), &ready, 1) == 1);
  CHECK(ready == piece.get());
  CHECK(hr_future_user_data(ready) == &mine);
}

TEST_CASE("S45: in a batch each request is what it says") {
  const EchoScene scene;
  const std::string b = scene.server.url("/b");
  const hr_request requests[] = {get(scene.url), streamed(b), get(b)};
  hr_future* futures[3] = {};
  REQUIRE(hr_engine_submit_all(scene.cloud.get(), requests, 3, futures));
  const FutureHandle first(futures[0]);
  const FutureHandle second(futures[1]);
  const FutureHandle third(futures[2]);
  CHECK(body_of(first) == "/a");
  CHECK(body_of(second).empty());
  CHECK(body_of(read_on(second)) == "/b");
  CHECK(body_of(third) == "/b");
}

TEST_CASE("S45: what has no body to read says so") {
  const EchoScene scene;
  const FutureHandle whole = submit(scene.cloud, get(scene.url));
  CHECK(body_of(whole) == "/a");
  CHECK(refusal_of(read_on(whole)).starts_with("there is no body to read"));
  CHECK(refusal_of(read_on(nullptr)).starts_with("there is no body to read"));
  const FutureHandle failed = submit(scene.cloud, streamed("nonsense"));
  CHECK(error_of(failed).code == HR_INVALID_ARGUMENT);
  CHECK(refusal_of(read_on(failed)).starts_with("there is no body to read"));
}

TEST_CASE("S45: freeing a streamed future gives up its body and ends a read") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  FutureHandle head = submit(cloud, streamed(url));
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  REQUIRE(hr_future_wait(head.get(), HR_NONE) == HR_WAIT_READY);
  const FutureHandle piece = read_on(head);
  head.reset();
  CHECK(error_of(piece).code == HR_CANCELLED);
  peer.expect_closed();
}

TEST_CASE("S45: a body is read from the program, with its length or chunked") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  const std::int64_t length = GENERATE(0, 5);
  Source source{.pieces = {"abc", "de"}};
  const FutureHandle call = submit(cloud, put(url, source, length));
  Peer peer = server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.body == "abcde");
  CHECK(request.field("Content-Length").has_value() == (length > 0));
  peer.send(ok("stored"));
  CHECK(body_of(call) == "stored");
}

TEST_CASE("S45: a body that cannot be had fails its request") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  const std::ptrdiff_t last = GENERATE(-1, 1'000'000);
  Source source{.pieces = {"abc"}, .last = last};
  const FutureHandle call = submit(cloud, put(url, source, 0));
  CHECK(refusal_of(call) == "hr_request.read_body had no piece to give: " + std::to_string(last));
}

TEST_CASE("S45: a length belongs to a source, and is none that is negative") {
  const EngineHandle cloud = engine();
  const std::string url = "http://localhost/";
  hr_request request = get(url);
  request.body_length = 1;
  CHECK(refusal_of(submit(cloud, request)).contains("hr_request.body_length is 1"));
  request.body_length = -1;
  CHECK(refusal_of(submit(cloud, request)).contains("hr_request.body_length is -1"));
}

TEST_CASE("S45: trailers are asked for behind the last piece") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  Source source{.pieces = {"abc"}};
  hr_request request = put(url, source, 0);
  request.read_trailers = digest_of_nothing_left;
  const FutureHandle call = submit(cloud, request);
  Peer peer = server.accept();
  const ReceivedRequest received = peer.read_request();
  CHECK(received.body == "abc");
  CHECK(received.trailers == "Digest: abc\r\nLength: 3\r\n");
  peer.send(ok("stored"));
  CHECK(body_of(call) == "stored");
}

TEST_CASE("S45: trailers that cannot be fail their request") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/a");
  Source source;
  hr_request request = put(url, source, 0);
  request.read_trailers = [](void*, const hr_field** fields) -> std::size_t {
    static const hr_field framing{str("Content-Length"), str("1")};
    *fields = &framing;
    return 1;
  };
  CHECK(refusal_of(submit(cloud, request)).contains("Content-Length"));
  request.body_length = 5;
  CHECK(refusal_of(submit(cloud, request)).contains("hr_request.read_trailers is set"));
  request.body_length = 0;
  request.read_body = nullptr;
  CHECK(refusal_of(submit(cloud, request)).contains("hr_request.read_trailers is set"));
}
