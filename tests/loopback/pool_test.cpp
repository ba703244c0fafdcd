// How many connections, how much waits, and what happens when there is nobody to connect to.

#include <thread>

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// A port that refuses: it was free a moment ago and nobody listens there now.
std::string refusing_url() {
  const ScriptedServer gone;
  return gone.url("/");
}

// Until the client goes away.
void answer_all(Peer& peer, const std::string& body) {
  try {
    while (true) {
      peer.read_request();
      peer.send(ok(body));
    }
  } catch (const PeerGone&) {  // NOLINT(bugprone-empty-catch): the end of the conversation
  }
}

}  // namespace

TEST_CASE("S26: there are never more connections than connections_max") {
  ScriptedServer server;
  Engine engine({.connections_max = 3, .pipeline_depth = 1});
  Calls calls = engine.submit_all(numbered_gets(server, 30));
  std::vector<Peer> peers;
  for (int i = 0; i < 3; ++i) {
    peers.push_back(server.accept());
    peers.back().read_request();
  }
  let_settle(engine);
  CHECK_FALSE(server.connection_waits());
  std::vector<std::jthread> answering;
  for (Peer& peer : peers) {
    answering.emplace_back([&peer] {
      peer.send(ok("answer"));
      answer_all(peer, "answer");
    });
  }
  for (Future<Response>& call : calls) CHECK(body_of(call) == "answer");
  CHECK_FALSE(server.connection_waits());
  engine.shut_down(std::chrono::milliseconds(0));  // ends the threads
}

TEST_CASE("S26: the engine's total holds over all origins") {
  ScriptedServer first;
  ScriptedServer second;
  Engine engine({.connections_max = 4, .connections_total_max = 1});
  Calls calls = engine.submit_all({get(first, "/"), get(second, "/")});
  Peer peer = first.accept();
  peer.read_request();
  CHECK_FALSE(second.connection_waits());
  peer.send(ok("first"));
  Peer other = second.accept();
  peer.expect_closed();
  other.read_request();
  other.send(ok("second"));
  CHECK(body_of(calls[0]) == "first");
  CHECK(body_of(calls[1]) == "second");
}

TEST_CASE("S28: a second request takes a new connection rather than its place in a pipeline") {
  ScriptedServer server;
  Engine engine({.connections_max = 2, .pipeline_depth = 5});
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  Peer second = server.accept();
  CHECK(first.read_request().target == "/1");
  CHECK(second.read_request().target == "/2");
  second.send(ok("2"));
  CHECK(body_of(calls[1]) == "2");
  first.send(ok("1"));
  CHECK(body_of(calls[0]) == "1");
}

TEST_CASE("S27: a queue over its bound refuses at once, and drops nobody else's request") {
  ScriptedServer server;
  Options options = on_one_connection(1);
  options.queue_requests_max = 3;
  Engine engine(options);
  Peer peer = accept_proven(engine, server);
  Future<Response> sent = engine.submit(get(server, "/sent"));
  peer.read_request();
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  for (const std::size_t refused : {3U, 4U}) {
    const Error error = error_of(calls[refused]);
    CHECK(error.code == ErrorCode::queue_full);
    CHECK(error.safe_to_repeat);
  }
  for (const char* target : {"/1", "/2", "/3"}) {
    peer.send(ok("answer"));
    CHECK(peer.read_request().target == target);
  }
  peer.send(ok("answer"));
  for (std::size_t i = 0; i < 3; ++i) CHECK(body_of(calls[i]) == "answer");
  CHECK(body_of(sent) == "answer");
}

TEST_CASE("S27: the queue is bounded in bytes too") {
  ScriptedServer server;
  Options options = on_one_connection(1);
  options.queue_bytes_max = 10'000;
  Engine engine(options);
  Peer peer = accept_proven(engine, server);
  Future<Response> sent = engine.submit(get(server, "/sent"));
  peer.read_request();
  Future<Response> fits = engine.submit(post(server, "/fits", std::string(9'000, 'x')));
  Future<Response> over = engine.submit(post(server, "/over", std::string(9'000, 'x')));
  CHECK(code_of(over) == ErrorCode::queue_full);
  peer.send(ok());
  CHECK(peer.read_request().target == "/fits");
  peer.send(ok("fits"));
  CHECK(body_of(fits) == "fits");
}

TEST_CASE(
    "S29: a refused port fails with connect_failed and the system's code, and nothing else does") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<Response> refused = engine.get(refusing_url());
  Future<Response> other = engine.submit(get(server, "/"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("there"));
  CHECK(body_of(other) == "there");
  const Error error = error_of(refused);
  CHECK(error.code == ErrorCode::connect_failed);
  CHECK(error.phase == Phase::connect);
  CHECK(error.progress == Progress::queued);
  CHECK(error.attempts == 0);
  CHECK(error.safe_to_repeat);
  CHECK(error.system_code != 0);
}

TEST_CASE("S29: everything queued for a refused port fails, POSTs too") {
  Engine engine({.connections_max = 5});
  const std::string url = refusing_url();
  std::vector<Request> requests(20, Request{.url = url});
  requests[7].method = "POST";
  Calls calls = engine.submit_all(requests);
  for (Future<Response>& call : calls) CHECK(code_of(call) == ErrorCode::connect_failed);
}

TEST_CASE("A name is resolved, whatever addresses it has") {
  ScriptedServer server;  // on 127.0.0.1 only, and localhost may be ::1 as well
  Engine engine(on_one_connection());
  Future<Response> call = engine.get(server.url_by_name("localhost", "/named"));
  Peer peer = server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK(request.target == "/named");
  CHECK(request.field("Host") == "localhost:" + std::to_string(server.port()));
  peer.send(ok("found"));
  CHECK(body_of(call) == "found");
}

TEST_CASE("A name that does not exist fails with resolve_failed") {
  Engine engine({.connect_attempts = 1});
  Future<Response> call = engine.get("http://nowhere.invalid/");  // RFC 6761 §6.4
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::resolve_failed);
  CHECK(error.phase == Phase::resolve);
  CHECK(error.system_code != 0);
}

TEST_CASE("S37: what would break the request line or a field is refused before anything is sent") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  const std::string url = server.url("/");
  Calls calls = engine.submit_all({{.method = "GET /\r\nA:", .url = url},
                                   {.url = server.url("/a\r\nHost: evil")},
                                   {.url = server.url("/a b")},
                                   {.url = url, .headers = {{"A", "b\r\nC: d"}}},
                                   {.url = url, .headers = {{"A\nB", "c"}}},
                                   {.url = url, .headers = {{"Content-Length", "5"}}},
                                   {.url = url, .headers = {{"Transfer-Encoding", "chunked"}}},
                                   {.url = "http://ho\r\nst/"},
                                   {.url = "ftp://host/"},
                                   {.url = "/no-base"}});
  for (Future<Response>& call : calls) CHECK(code_of(call) == ErrorCode::invalid_argument);
  let_settle(engine);
  CHECK_FALSE(server.connection_waits());
}
