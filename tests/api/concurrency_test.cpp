#include <atomic>
#include <coroutine>
#include <cstddef>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"

using headrace::Engine;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Request;
using headrace::Response;
using headrace::Result;
using headrace::test::echo_targets;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::ScriptedServer;

namespace {

std::vector<Request> numbered(std::size_t count) {
  std::vector<Request> requests(count);
  for (std::size_t i = 0; i < count; ++i) requests[i].url = "/" + std::to_string(i);
  return requests;
}

// Runs by itself; its end is told by a std::promise.
struct Fire {
  struct promise_type {
    Fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

Fire fetch_two(Engine& engine, std::promise<std::string>& done) {
  Result<Response> list = co_await engine.get("/list");
  Result<Response> item = co_await engine.get(list.value().body + "/1");
  done.set_value(item.value().body);
}

}  // namespace

TEST_CASE("The design's example does what it says") {
  ScriptedServer server;
  server.serve(echo_targets);
  const std::string base_url = server.url();
  std::set<std::size_t> added;
  const auto add = [&](std::size_t index, const Response& response) {
    if (response.body == "/" + std::to_string(index)) added.insert(index);
  };
  std::size_t failures = 0;
  const auto report = [&](std::size_t, const headrace::Error&) { ++failures; };
  std::vector<Request> requests = numbered(20);
  requests[7].url = "no url";

  headrace::Engine cloud{{.base_url = base_url, .connections_max = 5, .pipeline_depth = 5}};
  auto page = cloud.get("/v2.1/servers/detail").get();
  auto calls = cloud.submit_all(requests);
  for (auto& [index, result] : headrace::as_completed(std::move(calls)))
    if (result)
      add(index, *result);
    else
      report(index, result.error());

  CHECK(page.body == "/v2.1/servers/detail");
  CHECK(added.size() == 19);
  CHECK(failures == 1);
}

TEST_CASE("S41: as_completed gives the engine's answers in the order in which they come") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 2, .pipeline_depth = 1});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(2));
  Peer peers[] = {server.accept(), server.accept()};
  const std::string targets[] = {peers[0].read_request().target, peers[1].read_request().target};
  auto results = headrace::as_completed(std::move(calls));
  for (const std::size_t i : {1U, 0U}) {
    peers[i].send(ok(targets[i]));
    const auto item = results.next();
    REQUIRE(item);
    CHECK(item->second.value().body == targets[i]);
    CHECK(targets[i] == "/" + std::to_string(item->first));
  }
}

TEST_CASE("when_all gives a page's answers in the calls' order") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  const auto results = headrace::when_all(engine.submit_all(numbered(50))).get();
  REQUIRE(results.size() == 50);
  for (std::size_t i = 0; i < results.size(); ++i)
    CHECK(results[i].value().body == "/" + std::to_string(i));
}

TEST_CASE("co_await fetches one thing after the other on the loop's thread") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  std::promise<std::string> done;
  fetch_two(engine, done);
  CHECK(done.get_future().get() == "/list/1");
}

TEST_CASE("S41: several threads wait, each for its own future") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1});
  std::vector<Future<Response>> calls = engine.submit_all(numbered(8));
  std::vector<std::string> bodies(calls.size());
  std::vector<std::thread> waiters;
  for (std::size_t i = 0; i < calls.size(); ++i)
    waiters.emplace_back([&, i] { bodies[i] = calls[i].wait().value().body; });
  Peer peer = server.accept();
  for (std::size_t i = 0; i < calls.size(); ++i) peer.send(ok(peer.read_request().target));
  for (std::thread& waiter : waiters) waiter.join();
  for (std::size_t i = 0; i < bodies.size(); ++i) CHECK(bodies[i] == "/" + std::to_string(i));
}

TEST_CASE("S1: submits, cancels, drops and the engine's end may all meet") {
  for (int round = 0; round < 10; ++round) {
    ScriptedServer server;
    server.serve(echo_targets);
    std::vector<std::vector<Future<Response>>> kept(3);
    {
      Engine engine({.base_url = server.url(), .connections_max = 2});
      std::vector<std::thread> threads;
      for (std::size_t t = 0; t < kept.size(); ++t)
        threads.emplace_back([&, t] {
          for (std::size_t i = 0; i < 60; ++i) {
            Future<Response> call = engine.get("/" + std::to_string(i));
            if (i % 3 == 0) call.cancel();
            if (i % 3 != 1) kept[t].push_back(std::move(call));
          }
        });
      threads.emplace_back([&] { engine.shut_down(std::chrono::milliseconds(round)); });
      for (std::thread& thread : threads) thread.join();
    }
    std::size_t unready = 0;
    for (auto& calls : kept)
      for (Future<Response>& call : calls) unready += !call.ready();
    CHECK(unready == 0);
    server.stop();
  }
}
