// Options::loops: one engine on several loops is still one engine.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked_child.hpp"

using headrace::Engine;
using headrace::ErrorCode;
using headrace::Future;
using headrace::OriginStats;
using headrace::Request;
using headrace::Response;
using headrace::Result;
using headrace::Stats;
using headrace::test::echo_targets;
using headrace::test::ForkedChild;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::ScriptedServer;
using namespace std::chrono_literals;

namespace {

std::vector<Request> numbered(std::size_t count) {
  std::vector<Request> requests(count);
  for (std::size_t i = 0; i < count; ++i) requests[i].url = "/" + std::to_string(i);
  return requests;
}

// Of a response's connection.
std::uint64_t loop_of(std::uint64_t connection_id) { return connection_id >> 32U; }

std::size_t queued(const Engine& engine) {
  const Stats stats = engine.stats();
  return std::accumulate(
      stats.origins.begin(), stats.origins.end(), std::size_t{0},
      [](std::size_t sum, const OriginStats& origin) { return sum + origin.queued; });
}

}  // namespace

TEST_CASE("S2, S26: requests of one batch go to all loops, and each gets its own answer") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 3, .connections_max = 5});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(600));
  std::set<std::uint64_t> loops;
  std::set<std::uint64_t> connections;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Response response = calls[i].get();
    REQUIRE(response.body == "/" + std::to_string(i));
    loops.insert(loop_of(response.connection_id));
    connections.insert(response.connection_id);
  }
  CHECK(loops == std::set<std::uint64_t>{0, 1, 2});
  CHECK(connections.size() == server.accept_count());
  CHECK(server.accept_count() <= 5);
}

TEST_CASE("Single submits go to the loop that has the least to do") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  Future<Response> first = engine.get("/first");
  Future<Response> second = engine.get("/second");
  Peer one = server.accept();
  Peer other = server.accept();  // it has not been answered on the first
  for (Peer* peer : {&one, &other}) peer->send(ok(peer->read_request().target));
  CHECK(first.get().body == "/first");
  CHECK(second.get().body == "/second");
}

TEST_CASE("A thread with one call at a time stays with one loop") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 4, .connections_max = 4});
  std::set<std::uint64_t> connections;
  for (int i = 0; i < 20; ++i) connections.insert(engine.get("/").get().connection_id);
  CHECK(connections.size() == 1);
}

TEST_CASE("What a callback submits stays on its loop, if another has a little less to do") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(4));
  Peer idle = server.accept();
  Peer busy = server.accept();
  const std::string first = idle.read_request().target;
  const std::string other = busy.read_request().target;
  const std::size_t idle_one = first == "/0" ? 0 : 1;  // of this loop, as is 3 - idle_one
  const std::size_t busy_one = 1 - idle_one;
  idle.send(ok(first));
  idle.send(ok(idle.read_request().target));
  REQUIRE(calls[idle_one].wait());
  REQUIRE(calls[3 - idle_one].wait());

  std::promise<Future<Response>> submitted;
  Future<void> answered = calls[busy_one].then(
      [&](const Result<Response>&) { submitted.set_value(engine.get("/second")); });
  busy.send(ok(other));
  CHECK(busy.read_request().target == "/" + std::to_string(3 - busy_one));
  busy.send(ok("a"));
  CHECK(busy.read_request().target == "/second");
  busy.send(ok("b"));
  CHECK(submitted.get_future().get().get().body == "b");
  CHECK(calls[3 - busy_one].get().body == "a");
  answered.get();
}

TEST_CASE("in_flight_max below the number of loops holds for the engine as a whole") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .loops = 3, .connections_max = 3, .in_flight_max = 1});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(3));
  Peer peer = server.accept();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CHECK(peer.read_request().target == "/" + std::to_string(i));
    CHECK(queued(engine) == 2 - i);
    CHECK_FALSE(server.connection_waits());
    peer.send(ok(std::to_string(i)));
    CHECK(calls[i].get().body == std::to_string(i));
  }
}

TEST_CASE("S46: stats and profiles are those of all loops together") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(100));
  for (Future<Response>& call : calls) REQUIRE(call.wait());
  const Stats stats = engine.stats();
  REQUIRE(stats.origins.size() == 1);
  CHECK(stats.origins[0].counters.submitted == 100);
  CHECK(stats.origins[0].counters.answered == 100);
  CHECK(stats.origins[0].connections == 2);
  const std::string profiles = engine.profiles();
  CHECK(std::ranges::count(profiles, '\n') == 2);  // the header, and one line for the origin
  CHECK_NOTHROW(Engine({.loops = 2, .profiles = profiles}));
}

TEST_CASE("S1, S44: destroying an engine with several loops completes everything") {
  ScriptedServer server;
  std::vector<Future<Response>> calls;
  {
    Engine engine({.base_url = server.url(), .loops = 4, .connections_max = 4});
    calls = engine.submit_all(numbered(100));
    Peer peer = server.accept();
    peer.read_request();
  }
  for (Future<Response>& call : calls) {
    REQUIRE(call.ready());
    CHECK(call.wait().error().code == ErrorCode::closed);
  }
}

TEST_CASE("S44: one grace holds for all loops") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(2));
  Peer one = server.accept();
  Peer other = server.accept();
  std::thread closer([&] { engine.shut_down(1h); });
  while (!engine.get("/").ready()) {  // from a moment on it is refused at once
  }
  for (Peer* peer : {&one, &other}) peer->send(ok(peer->read_request().target));
  closer.join();
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(calls[i].get().body == "/" + std::to_string(i));
  CHECK(engine.stats().origins.empty());
  CHECK(engine.profiles().empty());
}

TEST_CASE("S44: shut down in a callback, the engine waits for none of its loops") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  std::promise<void> shut_down;
  Future<void> done = engine.get("/").then([&](Result<Response>) {
    engine.shut_down(0ms);
    shut_down.set_value();
  });
  shut_down.get_future().wait();
  done.get();
  CHECK(engine.get("/").wait().error().code == ErrorCode::closed);
}

TEST_CASE("S43: a child uses as many loops as its parent") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 2});
  REQUIRE(engine.get("/").wait());
  ForkedChild child([&] {
    std::vector<Future<Response>> calls = engine.submit_all(numbered(50));
    std::set<std::uint64_t> loops;
    bool own = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Response response = calls[i].get();
      own = own && response.body == "/" + std::to_string(i);
      loops.insert(loop_of(response.connection_id));
    }
    return headrace::test::first_false({own, loops.size() == 2});
  });
  CHECK(child.wait() == 0);
  CHECK(engine.get("/parent").get().body == "/parent");
}

TEST_CASE("S41: many threads share the loops of one engine, waiting, joining and cancelling") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .loops = 2, .connections_max = 4});
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 50; ++round) {
        const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(round);
        Future<Response> dropped = engine.get("/dropped");
        Future<Response> own = engine.get(path);
        dropped.cancel();
        std::vector<Future<Response>> batch = engine.submit_all(numbered(5));
        const Result<Response> answer = own.wait();
        if (!answer || answer->body != path) ++wrong;
        for (auto& [index, result] : headrace::as_completed(std::move(batch)))
          if (!result || result->body != "/" + std::to_string(index)) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
