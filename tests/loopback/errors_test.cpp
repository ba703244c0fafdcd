#include <cerrno>

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("S17: an error names the origin, the connection, and the system's own code") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> reused = engine.submit(get(server, "/first"));
  peer.read_request();
  peer.send(ok());
  const std::uint64_t connection = reused.get().connection_id;

  Future<Response> call = engine.submit(post(server, "/lost"));
  peer.read_request();
  peer.reset();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK(error.origin == "http://127.0.0.1:" + std::to_string(server.port()));
  CHECK(error.connection_id == connection);
  CHECK(error.system_code == -ECONNRESET);
  CHECK(error.phase == Phase::wait);
  CHECK(error.progress == Progress::sent);
  CHECK_FALSE(error.safe_to_repeat);
}

TEST_CASE("S17: of a lost pipeline the error tells the fate") {
  ScriptedServer server;
  Engine engine({.connections_max = 1, .pipeline_depth = 5, .attempts_max = 1});
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 4));
  peer.read_requests(4);
  peer.send(ok("1"));
  CHECK(body_of(calls[0]) == "1");
  peer.close();
  const std::string fate = "of its requests 2 had been answered, 2 are sent again, 1 fail";
  CHECK(error_of(calls[1]).detail.find(fate) != std::string::npos);
}

TEST_CASE(
    "S49: a redirect is an answer: the engine follows none, and adds no credentials of its own") {
  ScriptedServer server;
  ScriptedServer elsewhere;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> call =
      engine.submit({.url = server.url("/old"), .headers = {{"Authorization", "Bearer secret"}}});
  peer.read_request();
  peer.send("HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: " + elsewhere.url("/new") +
            "\r\nContent-Length: 0\r\n\r\n");
  CHECK(call.get().status == 302);
  let_settle(engine);
  CHECK_FALSE(elsewhere.connection_waits());

  Future<Response> next = engine.submit(get(server, "/next"));
  const ReceivedRequest request = peer.read_request();
  CHECK_FALSE(request.field("Cookie").has_value());
  CHECK_FALSE(request.field("Authorization").has_value());
  peer.send(ok());
  next.get();
}
