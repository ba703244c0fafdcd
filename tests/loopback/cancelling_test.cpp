// One test per moment at which a request can be cancelled.

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("S23: cancelling an unsent request writes nothing") {
  ScriptedServer server;
  Engine engine(on_one_connection(1));
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  CHECK(peer.read_request().target == "/1");
  calls[1].cancel();
  const Error error = error_of(calls[1]);
  CHECK(error.code == ErrorCode::cancelled);
  CHECK(error.progress == Progress::queued);
  peer.send(ok("1"));
  CHECK(peer.read_request().target == "/3");
  peer.send(ok("3"));
  CHECK(body_of(calls[0]) == "1");
  CHECK(body_of(calls[2]) == "3");
}

TEST_CASE("S23: cancelling while the connection is being made writes nothing") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<Response> call = engine.submit(get(server, "/"));
  call.cancel();
  CHECK(code_of(call) == ErrorCode::cancelled);
  let_settle(engine);
  if (server.connection_waits()) CHECK(server.accept().silent());
}

TEST_CASE("S24: cancelling the third of five leaves the connection and its neighbours untouched") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  peer.read_requests(5);
  calls[2].cancel();
  const Error error = error_of(calls[2]);
  CHECK(error.code == ErrorCode::cancelled);
  CHECK(error.progress == Progress::sent);
  for (const char* body : {"1", "2", "3", "4", "5"}) peer.send(ok(body));
  for (const std::size_t i : {0U, 1U, 3U, 4U}) CHECK(body_of(calls[i]) == std::to_string(i + 1));
  Future<Response> next = engine.submit(get(server, "/next"));
  CHECK(peer.read_request().target == "/next");
  peer.send(ok("next"));
  CHECK(body_of(next) == "next");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S24: the answer of a cancelled head is drained, in its middle too") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  peer.read_requests(2);
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
  let_settle(engine);
  calls[0].cancel();
  CHECK(error_of(calls[0]).progress == Progress::responding);
  peer.send("56789" + ok("2"));
  CHECK(body_of(calls[1]) == "2");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S24: an answer too large to drain costs the connection, and the followers move") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  first.read_requests(2);
  calls[0].cancel();
  CHECK(code_of(calls[0]) == ErrorCode::cancelled);
  first.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  first.expect_closed();
  check_asked_anew(server, "/2", calls[1]);
}

TEST_CASE("S24: a cancelled head that is never answered gives way after a second") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  first.read_requests(2);
  calls[0].cancel();
  first.expect_closed();
  check_asked_anew(server, "/2", calls[1]);
}

TEST_CASE(
    "S25: a cancel after completion changes nothing, also once the connection is used again") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> first = engine.submit(get(server, "/first"));
  peer.read_request();
  peer.send(ok("first"));
  REQUIRE(first.wait_for(patience));
  Future<Response> second = engine.submit(get(server, "/second"));
  peer.read_request();
  first.cancel();
  let_settle(engine);
  peer.send(ok("second"));
  CHECK(body_of(first) == "first");
  CHECK(body_of(second) == "second");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S24: dropping a future cancels its call and no other") {
  ScriptedServer server;
  Engine engine(on_one_connection(1));
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  peer.read_request();
  calls.erase(calls.begin() + 1);
  let_settle(engine);
  peer.send(ok("1"));
  CHECK(peer.read_request().target == "/3");
  peer.send(ok("3"));
  CHECK(body_of(calls[1]) == "3");
}
