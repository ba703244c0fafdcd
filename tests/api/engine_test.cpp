#include "headrace/engine.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"

using headrace::Engine;
using headrace::Error;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Progress;
using headrace::Request;
using headrace::Response;
using headrace::Result;
using headrace::test::echo_targets;
using headrace::test::HeldLoop;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::ScriptedServer;
using namespace std::chrono_literals;

TEST_CASE("A GET gives the response") {
  ScriptedServer server;
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/vms?max=2", {{"Accept", "application/json"}});
  Peer peer = server.accept();
  const auto request = peer.read_request();
  CHECK(request.method == "GET");
  CHECK(request.target == "/vms?max=2");
  CHECK(request.field("accept") == "application/json");
  peer.send("HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 2\r\n\r\nno");
  const Response response = call.get();
  CHECK(response.status == 404);
  CHECK(response.reason == "Not Found");
  CHECK(response.headers.get("x-a") == "b");
  CHECK(response.body == "no");
  CHECK(response.attempts == 1);
}

TEST_CASE("S40: requests are on the wire with nobody waiting for them") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1});
  std::vector<Future<Response>> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(engine.get("/" + std::to_string(i)));
  Peer peer = server.accept();
  std::string answers;
  for (int i = 0; i < 5; ++i) {
    const std::string target = peer.read_request().target;
    CHECK(target == "/" + std::to_string(i));
    if (i == 0) peer.send(ok(target));  // proves the connection, which then may be pipelined (S9)
    if (i > 0) answers += ok(target);
  }
  peer.send(answers);
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(calls[i].get().body == "/" + std::to_string(i));
}

TEST_CASE("A refused request is found in its future, and the others go on") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  std::vector<Future<Response>> calls = engine.submit_all({
      {.url = "/good"},
      {.url = "ftp://cloud.example/"},
      {.method = "GE T", .url = "/bad"},
      {.url = "/bad\r\nX: y"},
      {.url = "/bad", .headers = {{"A", "b\r\nC: d"}}},
      {.url = "/bad", .timeout = -5ms},
      {.url = "/fine"},
  });
  REQUIRE(calls.size() == 7);
  CHECK(calls[0].get().body == "/good");
  for (std::size_t i = 1; i < 6; ++i) {
    INFO(i);
    CHECK(calls[i].ready());
    const Error error = calls[i].wait().error();
    CHECK(error.code == ErrorCode::invalid_argument);
    CHECK(error.progress == Progress::queued);
    CHECK(error.safe_to_repeat);
    CHECK_FALSE(error.detail.empty());
  }
  CHECK(calls[6].get().body == "/fine");
}

TEST_CASE("A path without a base URL is refused") {
  Engine engine;
  const Error error = engine.get("/vms").wait().error();
  CHECK(error.code == ErrorCode::invalid_argument);
  CHECK(error.detail.find("base_url") != std::string::npos);
}

TEST_CASE("S1: submits from many threads all complete, each with its own answer") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url(), .connections_max = 3});
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 60;
  std::vector<std::size_t> right(threads);
  std::vector<std::thread> submitters;
  for (std::size_t t = 0; t < threads; ++t)
    submitters.emplace_back([&, t] {
      std::vector<Request> requests;
      std::vector<Future<Response>> calls;
      for (std::size_t i = 0; i < each; ++i) {
        const std::string url = "/" + std::to_string(t) + "/" + std::to_string(i);
        if (i % 2 == 0) calls.push_back(engine.get(url));
        if (i % 2 == 1) {
          std::vector<Request> one;
          one.push_back({.url = url});
          calls.push_back(std::move(engine.submit_all(one).front()));
        }
      }
      for (std::size_t i = 0; i < each; ++i) {
        const Result<Response> result = calls[i].wait();
        right[t] += result && result->body == "/" + std::to_string(t) + "/" + std::to_string(i);
      }
    });
  for (std::thread& thread : submitters) thread.join();
  CHECK(right == std::vector<std::size_t>(threads, each));
  CHECK(server.accept_count() <= 3);
}

TEST_CASE("S41: a failing call leaves the one beside it alone") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1, .attempts_max = 1});
  Future<Response> post = engine.submit({.method = "POST", .url = "/lost"});
  Future<Response> get = engine.get("/kept");
  Peer first = server.accept();
  first.read_request();
  first.close();
  Peer second = server.accept();
  CHECK(second.read_request().target == "/kept");
  second.send(ok("here"));
  CHECK(post.wait().error().code == ErrorCode::connection_lost);
  CHECK(get.wait().value().body == "here");
}

TEST_CASE("A cancelled call is cancelled, queued or sent; its neighbour is answered") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1, .pipeline_depth = 1});
  Future<Response> kept = engine.get("/kept");
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/kept");
  Future<Response> queued = engine.get("/queued");
  queued.cancel();
  CHECK(queued.wait().error().code == ErrorCode::cancelled);
  kept.cancel();
  CHECK(kept.wait().error().code == ErrorCode::cancelled);
  Future<Response> after = engine.get("/after");
  peer.send(ok("nobody wants this"));
  CHECK(peer.read_request().target == "/after");
  peer.send(ok("this"));
  CHECK(after.get().body == "this");
}

TEST_CASE("S23: what is cancelled before the loop saw it writes nothing") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1});
  Future<Response> first = engine.get("/first");
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/first");
  HeldLoop held(std::move(first), [&] { peer.send(ok("")); });
  for (int i = 0; i < 50; ++i) std::ignore = engine.get("/dropped");
  Future<Response> cancelled = engine.get("/cancelled");
  cancelled.cancel();
  cancelled.cancel();
  Future<Response> kept = engine.get("/kept");
  held.release();
  CHECK(peer.read_request().target == "/kept");
  CHECK(peer.silent());
  peer.send(ok("kept"));
  CHECK(kept.get().body == "kept");
  CHECK(cancelled.wait().error().code == ErrorCode::cancelled);
}

TEST_CASE("S27: what piles up while the loop is held is bounded") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(),
                 .connections_max = 1,
                 .connections_total_max = 1,
                 .pipeline_depth = 1,
                 .queue_requests_max = 4});
  Future<Response> first = engine.get("/first");
  Peer peer = server.accept();
  peer.read_request();
  HeldLoop held(std::move(first), [&] { peer.send(ok("")); });
  std::vector<Future<Response>> calls = engine.submit_all(std::vector<Request>(7, {.url = "/"}));
  CHECK_FALSE(calls[4].ready());
  for (const std::size_t i : {5U, 6U}) {
    REQUIRE(calls[i].ready());
    const Error error = calls[i].wait().error();
    CHECK(error.code == ErrorCode::queue_full);
    CHECK(error.safe_to_repeat);
    CHECK(server.url().starts_with(error.origin));
  }
  held.release();
  for (std::size_t i = 0; i < 5; ++i) {
    peer.read_request();
    peer.send(ok("fits"));
    CHECK(calls[i].get().body == "fits");
  }
}

TEST_CASE("S41: a timed wait that ends too early leaves the call going") {
  ScriptedServer server;
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/");
  Peer peer = server.accept();
  peer.read_request();
  CHECK_FALSE(call.wait_for(1ms));
  peer.send(ok("late"));
  CHECK(call.wait_for(std::chrono::hours(1)));
  CHECK(call.get().body == "late");
}

TEST_CASE("The queue's bound answers queue_full and keeps what was queued") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(),
                 .connections_max = 1,
                 .pipeline_depth = 1,
                 .queue_requests_max = 2});
  Future<Response> first = engine.get("/0");
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/0");
  std::vector<Future<Response>> calls =
      engine.submit_all({{.url = "/1"}, {.url = "/2"}, {.url = "/3"}});
  const Error error = calls[2].wait().error();
  CHECK(error.code == ErrorCode::queue_full);
  CHECK(error.safe_to_repeat);
  CHECK(server.url().starts_with(error.origin));
  peer.send(ok("0"));
  for (int i = 1; i <= 2; ++i) peer.send(ok(peer.read_request().target));
  CHECK(first.get().body == "0");
  CHECK(calls[0].get().body == "/1");
  CHECK(calls[1].get().body == "/2");
}

TEST_CASE("A moved engine goes on") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine first({.base_url = server.url()});
  Future<Response> call = first.get("/a");
  Engine second(std::move(first));
  CHECK(call.get().body == "/a");
  CHECK(second.get("/b").get().body == "/b");
}
