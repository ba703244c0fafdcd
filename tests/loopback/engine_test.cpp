// The engine as a whole: its start, its end, and its futures.

#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

TEST_CASE("S40: five submits are on the wire with nobody waiting") {
  ScriptedServer server;
  Engine engine({.connections_max = 5, .pipeline_depth = 1});
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  std::vector<Peer> peers;
  for (int i = 0; i < 5; ++i) {
    peers.push_back(server.accept());
    peers.back().read_request();
  }
  for (const Future<Response>& call : calls) CHECK_FALSE(call.ready());
  for (Peer& peer : peers) peer.send(ok("there"));
  for (Future<Response>& call : calls) CHECK(body_of(call) == "there");
}

TEST_CASE("S1: destroying the engine completes what is written, queued and being connected") {
  ScriptedServer server;
  ScriptedServer elsewhere;
  std::optional<Engine> engine(on_one_connection(2));
  Peer peer = accept_proven(*engine, server);
  Calls calls = engine->submit_all(numbered_gets(server, 5));
  calls.push_back(engine->submit(post(server, "/post")));
  calls.push_back(engine->submit(get(elsewhere, "/")));
  calls.push_back(engine->get("http://nowhere.invalid/"));
  peer.read_requests(2);
  peer.send(ok("1"));
  CHECK(body_of(calls[0]) == "1");
  engine.reset();
  for (std::size_t i = 1; i < calls.size(); ++i) {
    CHECK(calls[i].ready());
    const ErrorCode code = code_of(calls[i]);
    CHECK((code == ErrorCode::closed || (i == 7 && code == ErrorCode::resolve_failed)));
  }
  peer.expect_closed();
}

TEST_CASE("S44: shutting down with a grace lets the outstanding finish and refuses the rest") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  peer.read_requests(3);
  std::thread closing([&] { engine.shut_down(patience); });
  peer.send(ok("1") + ok("2") + ok("3"));
  for (std::size_t i = 0; i < 3; ++i) CHECK(body_of(calls[i]) == std::to_string(i + 1));
  closing.join();
  peer.expect_closed();
  Future<Response> late = engine.submit(get(server, "/late"));
  CHECK(code_of(late) == ErrorCode::closed);
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE("S44: what is outstanding when the grace is over fails as closed") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> call = engine.submit(get(server, "/"));
  peer.read_request();
  engine.shut_down(20ms);
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::closed);
  CHECK(error.progress == Progress::sent);
  CHECK(error.safe_to_repeat);
}

TEST_CASE("S41: one future's failure changes no other, and a timed wait leaves it usable") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.body_bytes_max = 100;
  Engine engine(options);
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  first.read_requests(3);
  CHECK_FALSE(calls[0].wait_for(1ms));
  first.send(ok("1") + ok(std::string(101, 'x')));
  CHECK(body_of(calls[0]) == "1");
  CHECK(code_of(calls[1]) == ErrorCode::body_too_large);
  Peer second = server.accept();
  second.read_request();
  second.send(ok("3"));
  CHECK(body_of(calls[2]) == "3");
}

TEST_CASE("S41: as_completed gives the order of completion") {
  ScriptedServer server;
  Engine engine({.connections_max = 3, .pipeline_depth = 1});
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  std::map<std::size_t, Peer> peers;
  for (int i = 0; i < 3; ++i) {
    Peer peer = server.accept();
    const std::string target = peer.read_request().target;
    peers.emplace(std::stoul(target.substr(1)) - 1, std::move(peer));
  }
  auto completed = as_completed(std::move(calls));
  for (const std::size_t i : {1U, 2U, 0U}) {
    peers.at(i).send(ok(std::to_string(i)));
    auto item = completed.next();
    REQUIRE(item);
    CHECK(item->first == i);
    CHECK(item->second->body == std::to_string(i));
  }
  CHECK_FALSE(completed.next());
}

TEST_CASE("S41: when_all gives all results in the calls' order, errors in their place") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    while (true) peer.send(ok(peer.read_request().target));
  });
  Engine engine(on_one_connection());
  std::vector<Request> requests = numbered_gets(server, 3);
  requests[1].method = "not a token";
  auto results = when_all(engine.submit_all(requests)).get();
  CHECK(results[0]->body == "/1");
  CHECK(results[1].error().code == ErrorCode::invalid_argument);
  CHECK(results[2]->body == "/3");
}

TEST_CASE(
    "A response tells which connection answered, how often it was sent and how long it took") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  peer.read_requests(2);
  peer.send(ok("1") + ok("2"));
  const Response first = calls[0].get();
  const Response second = calls[1].get();
  CHECK(first.connection_id != 0);
  CHECK(first.connection_id == second.connection_id);
  CHECK(first.attempts == 1);
  CHECK(first.timings.total >= first.timings.first_byte);
  CHECK(first.timings.total > 0ns);
  CHECK_FALSE(second.timings.connect);
}

TEST_CASE("Submits from many threads all get their own answer") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    while (true) peer.send(ok(peer.read_request().target));
  });
  Engine engine({.connections_max = 4, .pipeline_depth = 5});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        const Result<Response> result = engine.submit(get(server, path)).wait();
        if (result && result->body == path) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 400);
  CHECK(server.accept_count() <= 4);
  server.stop();
}
