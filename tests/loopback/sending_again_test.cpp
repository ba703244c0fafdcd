// What happens to requests whose connection ends before their answer.

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("S11: after Connection: close the followers go elsewhere at no cost") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.attempts_max = 1;  // a charge would be a failure
  Engine engine(options);
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  first.read_requests(3);
  first.send(ok("1", "Connection: close\r\n"));
  first.expect_closed();
  Peer second = server.accept();
  CHECK(targets(second.read_requests(2)) == Targets{"/2", "/3"});
  second.send(ok("2") + ok("3"));
  CHECK(body_of(calls[0]) == "1");
  CHECK(body_of(calls[1]) == "2");
  CHECK(calls[2].get().attempts == 2);
}

TEST_CASE("S11: HTTP/1.0 without keep-alive and a body delimited by the close are last answers") {
  const auto [answer] = GENERATE(table<const char*>(
      {{"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlast"}, {"HTTP/1.1 200 OK\r\n\r\nlast"}}));
  ScriptedServer server;
  Options options = on_one_connection();
  options.attempts_max = 1;
  Engine engine(options);
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  first.read_requests(2);
  first.send(answer);
  first.shut_down_write();
  CHECK(body_of(calls[0]) == "last");
  check_asked_anew(server, "/2", calls[1]);
}

TEST_CASE(
    "S13: a lost connection sends the unanswered again in order, the answered stay answered") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  first.read_requests(3);
  first.send(ok("1") + "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe first half");
  CHECK(body_of(calls[0]) == "1");
  first.cut();
  Peer second = server.accept();
  CHECK(second.read_request().target == "/2");
  second.send(ok("2"));
  CHECK(second.read_request().target == "/3");
  second.send(ok("3"));
  const Response again = calls[1].get();
  CHECK(again.body == "2");
  CHECK(again.attempts == 2);
  CHECK(body_of(calls[2]) == "3");
}

TEST_CASE("S13: only the head of a lost pipeline is charged") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.attempts_max = 1;
  Engine engine(options);
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  first.read_requests(2);
  first.reset();
  const Error error = error_of(calls[0]);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK(error.attempts == 1);
  CHECK(error.safe_to_repeat);
  check_asked_anew(server, "/2", calls[1]);
}

TEST_CASE("S13: a GET is written at most attempts_max times") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.attempts_max = 3;
  Engine engine(options);
  Future<Response> call = engine.submit(get(server, "/"));
  for (int i = 0; i < 3; ++i) {
    Peer peer = server.accept();
    peer.read_request();
    peer.cut();
  }
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK(error.progress == Progress::sent);
  CHECK(error.attempts == 3);
  CHECK(error.origin == server.url(""));
  CHECK(error.connection_id != 0);
  let_settle(engine);
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE("S13: a POST whose connection is lost fails and is never written again") {
  const auto [answered, progress] = GENERATE(table<const char*, Progress>(
      {{"", Progress::sent},
       {"HTTP/1.1 200 OK\r\nContent-Le", Progress::responding},
       {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Progress::responding}}));
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> call = engine.submit(post(server, "/"));
  peer.read_request();
  peer.send(answered);
  peer.cut();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK(error.progress == progress);
  CHECK(error.attempts == 1);
  CHECK_FALSE(error.safe_to_repeat);
  let_settle(engine);
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE("S15: a stale keep-alive close does not surface for a GET") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer first = accept_proven(engine, server);
  Future<Response> call = engine.submit(get(server, "/again"));
  first.read_request();  // the close and the request crossed
  first.reset();
  check_asked_anew(server, "/again", call);
}

TEST_CASE("S30: a connection closed while idle costs not even a POST anything") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer first = accept_proven(engine, server);
  first.close();
  let_settle(engine);
  Future<Response> call = engine.submit(post(server, "/"));
  Peer second = server.accept();
  second.read_request();
  second.send(ok("posted"));
  const Response response = call.get();
  CHECK(response.body == "posted");
  CHECK(response.attempts == 1);
}

TEST_CASE("S13: the followers of a server that answers one request per connection all get there") {
  ScriptedServer server;
  server.serve([](Peer& peer) { peer.send(ok(peer.read_request().target)); });
  Engine engine(on_one_connection(5));
  Calls calls = engine.submit_all(numbered_gets(server, 40));
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(body_of(calls[i]) == "/" + std::to_string(i + 1));
  CHECK(server.accept_count() == 40);
  server.stop();
}
