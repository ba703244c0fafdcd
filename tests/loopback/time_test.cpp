// Deadlines, wherever a request is when they pass. The limits are short because each is waited for.

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

TEST_CASE("S20: five requests behind a stuck head all fail at their one deadline") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  std::vector<Request> requests = numbered_gets(server, 5);
  for (Request& request : requests) request.timeout = 100ms;
  Calls calls = engine.submit_all(requests);
  peer.read_requests(5);
  for (Future<Response>& call : calls) {
    const Error error = error_of(call);
    CHECK(error.code == ErrorCode::timed_out);
    CHECK(error.progress == Progress::sent);
    CHECK(error.phase == Phase::wait);
    CHECK(error.attempts == 1);
  }
}

TEST_CASE("S19: a deadline fires behind a head that may take longer, and the head is answered") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  std::vector<Request> requests = numbered_gets(server, 3);
  requests[1].timeout = 100ms;
  Calls calls = engine.submit_all(requests);
  peer.read_requests(3);
  CHECK(code_of(calls[1]) == ErrorCode::timed_out);
  CHECK_FALSE(calls[0].ready());
  peer.send(ok("1") + ok("2") + ok("3"));
  CHECK(body_of(calls[0]) == "1");
  CHECK(body_of(calls[2]) == "3");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S19: the deadline covers the queue") {
  ScriptedServer server;
  Engine engine(on_one_connection(1));
  Peer peer = accept_proven(engine, server);
  std::vector<Request> requests = numbered_gets(server, 2);
  requests[1].timeout = 100ms;
  Calls calls = engine.submit_all(requests);
  peer.read_request();
  const Error error = error_of(calls[1]);
  CHECK(error.code == ErrorCode::timed_out);
  CHECK(error.progress == Progress::queued);
  CHECK(error.attempts == 0);
  CHECK(error.safe_to_repeat);
  peer.send(ok("1"));
  CHECK(body_of(calls[0]) == "1");
  let_settle(engine);
  CHECK(peer.silent());
}

TEST_CASE("S19: the deadline covers a body that stops half way") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Request request = get(server, "/");
  request.timeout = 100ms;
  Future<Response> call = engine.submit(request);
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::timed_out);
  CHECK(error.progress == Progress::responding);
}

TEST_CASE("S19: the deadline covers a handshake that does not go on") {
  const Certificates made;
  const auto files = made.issue({.ips = {"127.0.0.1"}});
  ScriptedServer server(ServerTls{files.chain_file, files.key_file});
  Engine engine(on_one_connection());
  Request request = get(server, "/");
  request.timeout = 100ms;
  Future<Response> call = engine.submit(request);
  Peer peer = server.accept_without_handshake();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::timed_out);
  CHECK(error.progress == Progress::queued);
}

TEST_CASE("S21: connecting has a limit of its own") {
  const Certificates made;
  const auto files = made.issue({.ips = {"127.0.0.1"}});
  ScriptedServer server(ServerTls{files.chain_file, files.key_file});
  Options options = on_one_connection();
  options.connect_timeout = 50ms;
  options.connect_attempts = 2;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  Peer first = server.accept_without_handshake();
  Peer second = server.accept_without_handshake();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connect_timeout);
  CHECK(error.safe_to_repeat);
}

TEST_CASE("An idle connection is closed after its limit") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.idle_timeout = 50ms;
  Engine engine(options);
  Peer peer = accept_proven(engine, server);
  CHECK_NOTHROW(peer.expect_closed());
}
