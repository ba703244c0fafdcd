// A thread that waits runs the loop itself, or does not, and nobody can tell by the answers.

#include "engine/api/lease.hpp"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/promise.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"

using headrace::as_completed;
using headrace::Engine;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Response;
using headrace::Result;
using headrace::Stats;
using headrace::when_all;
using headrace::test::echo_targets;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::Promise;
using headrace::test::ScriptedServer;
using namespace std::chrono_literals;

namespace {

// An engine whose loop the test's thread gets soon, when it waits again and again. What `callback`
// gives on that thread is what run() gives.
struct Lessee {
  ScriptedServer server;
  std::optional<Engine> engine;
  std::thread::id here = std::this_thread::get_id();

  Lessee() {
    server.serve(echo_targets);
    engine.emplace(headrace::Options{.base_url = server.url()});
  }

  template <class Callback>
  auto run(Callback callback) {
    for (;;) {
      std::optional<decltype(callback())> outcome;
      engine->get("/a")
          .then([&](Result<Response>) {
            if (std::this_thread::get_id() == here) outcome = callback();
          })
          .get();
      if (outcome) return *std::move(outcome);
    }
  }
};

}  // namespace

TEST_CASE("A thread that waits runs the loop itself, and the callbacks that are due") {
  Lessee lessee;
  CHECK(lessee.run([&] { return headrace::detail::on_loop_thread(); }));
  CHECK_FALSE(headrace::detail::on_loop_thread());
}

TEST_CASE("In a callback on a waiting thread another wait is refused") {
  Lessee lessee;
  CHECK(lessee.run([&] { return lessee.engine->get("/b").wait().error().code; }) ==
        ErrorCode::invalid_argument);
  CHECK_FALSE(lessee.run([&] { return lessee.engine->get("/b").wait_for(1h); }));
}

TEST_CASE("S46: a callback on a waiting thread gets the figures at once") {
  Lessee lessee;
  const Stats stats = lessee.run([&] { return lessee.engine->stats(); });
  REQUIRE(stats.origins.size() == 1);
  CHECK_FALSE(lessee.run([&] { return lessee.engine->profiles(); }).empty());
  CHECK(lessee.engine->stats().origins.size() == 1);  // and so does a thread that just waited
}

TEST_CASE("S40: what a thread submits after it has waited goes out with nobody waiting") {
  Lessee lessee;
  for (int i = 0; i < 20; ++i) {
    lessee.run([] { return true; });
    std::promise<bool> answered;
    lessee.engine->get("/b")
        .then([&](const Result<Response>& result) { answered.set_value(result.has_value()); })
        .detach();
    CHECK(answered.get_future().get());
  }
}

TEST_CASE("S40: what another thread submits then goes out too") {
  Lessee lessee;
  for (int i = 0; i < 20; ++i) {
    lessee.run([] { return true; });
    std::promise<bool> answered;
    std::thread([&] {
      lessee.engine->get("/b")
          .then([&](const Result<Response>& result) { answered.set_value(result.has_value()); })
          .detach();
    }).join();
    CHECK(answered.get_future().get());
  }
}

TEST_CASE("S40: what a callback submits goes out while the thread that ran it waits for more") {
  std::promise<void> asked;
  const std::shared_future<void> inner = asked.get_future().share();
  ScriptedServer server;
  server.serve([&](Peer& peer) {
    for (;;) {
      const std::string target = peer.read_request().target;
      if (target == "/inner") asked.set_value();
      if (target == "/held") inner.wait();
      peer.send(ok(target));
    }
  });
  Engine engine({.base_url = server.url(), .timeout = 10s});
  const std::thread::id here = std::this_thread::get_id();
  bool ran_here = false;
  while (!ran_here)
    engine.get("/a")
        .then([&](const Result<Response>&) { ran_here = std::this_thread::get_id() == here; })
        .get();

  Future<Response> held = engine.get("/held");
  engine.get("/a").then([&](const Result<Response>&) { engine.get("/inner").detach(); }).detach();
  const bool answered = held.wait().has_value();
  if (!answered) asked.set_value();  // lets the server go
  CHECK(answered);
}

TEST_CASE("S41: a timed wait of the thread that runs the loop ends, and the future stays usable") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1});
  Future<Response> call = engine.get("/slow");
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/slow");
  for (int i = 0; i < 20; ++i) CHECK_FALSE(call.wait_for(3ms));
  CHECK_FALSE(call.wait_for(1us));
  CHECK_FALSE(call.wait_for(0ms));
  peer.send(ok("late"));
  CHECK(call.wait_for(1h));
  CHECK(call.get().body == "late");
}

TEST_CASE("S44: a thread that runs the loop learns that the engine was shut down, or destroyed") {
  for (const bool destroyed : {false, true}) {
    ScriptedServer server;
    std::optional<Engine> engine(Engine({.base_url = server.url(), .connections_max = 1}));
    Future<Response> call = engine->get("/slow");
    Peer peer = server.accept();
    peer.read_request();
    for (int i = 0; i < 10; ++i) CHECK_FALSE(call.wait_for(1ms));
    std::thread closer([&] {
      if (destroyed)
        engine.reset();
      else
        engine->shut_down(0ms);
    });
    CHECK(call.wait().error().code == ErrorCode::closed);
    closer.join();
  }
}

TEST_CASE("S44: a callback on a waiting thread may shut the engine down, or destroy it") {
  for (const bool destroyed : {false, true}) {
    Lessee lessee;
    Future<Response> other = lessee.run([&] {
      Future<Response> call = lessee.engine->get("/b");
      if (destroyed)
        lessee.engine.reset();
      else
        lessee.engine->shut_down(0ms);
      return call;
    });
    CHECK(other.wait().error().code == ErrorCode::closed);
  }
}

TEST_CASE("S44: an engine that was just waited for is destroyed at once") {
  for (int i = 0; i < 20; ++i) {
    Lessee lessee;
    lessee.run([] { return true; });
    Future<Response> call = lessee.engine->get("/b");
    lessee.engine.reset();
    CHECK(call.ready());
  }
}

TEST_CASE("Joins let the thread run the loop when all they wait for is one engine's") {
  Lessee lessee;
  lessee.run([] { return true; });
  const auto pair = [&] {
    std::vector<Future<Response>> calls;
    calls.push_back(lessee.engine->get("/1"));
    calls.push_back(lessee.engine->get("/2"));
    return calls;
  };
  CHECK(when_all(pair()).get().size() == 2);
  int results = 0;
  for (auto& [index, result] : as_completed(pair())) results += result.has_value();
  CHECK(results == 2);
  std::vector<Future<Response>> calls = pair();
  std::vector<Future<Response>> none;
  CHECK(calls[0].state()->driver() != nullptr);
  CHECK(when_all(pair()).state()->driver() == calls[0].state()->driver());
  CHECK(when_all(std::move(none)).state()->driver() == nullptr);
}

TEST_CASE("Joins over two engines, and over what is no engine's, sleep") {
  Lessee one;
  Lessee two;
  Promise<int> promise;
  CHECK(promise.future().state()->driver() == nullptr);
  for (int i = 0; i < 20; ++i) {
    one.run([] { return true; });
    two.run([] { return true; });
    std::vector<Future<Response>> calls;
    calls.push_back(one.engine->get("/1"));
    calls.push_back(two.engine->get("/2"));
    Future<std::vector<Result<Response>>> all = when_all(std::move(calls));
    std::size_t good = 0;
    for (const Result<Response>& result : all.get()) good += result.has_value();
    CHECK(good == 2);
  }
}

TEST_CASE("A signal that is handled on the waiting thread does not end its wait") {
  static std::atomic<int> handled;
  handled = 0;
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = [](int) { ++handled; };  // without SA_RESTART
  REQUIRE(sigaction(SIGUSR1, &action, &before) == 0);
  ScriptedServer server;
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/slow");
  Peer peer = server.accept();
  peer.read_request();
  call.wait_for(1ms);
  const pthread_t waiting = pthread_self();
  std::thread other([&] {
    for (int i = 1; i <= 5; ++i) {
      pthread_kill(waiting, SIGUSR1);
      while (handled < i) std::this_thread::yield();
    }
    peer.send(ok("here"));
  });
  CHECK(call.get().body == "here");
  other.join();
  REQUIRE(sigaction(SIGUSR1, &before, nullptr) == 0);
}

TEST_CASE(
    "A connection that is reset under a long write does not end the waiting thread's program") {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_BLOCK, nullptr, &before);
  REQUIRE(sigismember(&before, SIGPIPE) == 0);
  ScriptedServer server;
  server.serve([](Peer& peer) {
    peer.socket().receive();
    peer.reset();
  });
  for (int i = 0; i < 5; ++i) {  // each with an engine of its own: one would pause in between
    Engine engine({.base_url = server.url()});
    Future<Response> call = engine.submit(
        {.method = "POST", .url = "/", .body = std::string(std::size_t{8} << 20U, 'x')});
    CHECK_FALSE(call.wait());
  }
  pthread_sigmask(SIG_BLOCK, nullptr, &after);
  CHECK(sigismember(&after, SIGPIPE) == 0);
}

TEST_CASE("S1, S41: waits, timed waits, joins, cancels and the end meet on many threads") {
  for (int round = 0; round < 4; ++round) {
    ScriptedServer server;
    server.serve(echo_targets);
    std::atomic<int> wrong = 0;
    Engine engine({.base_url = server.url(), .connections_max = 3});
    const auto good = [&](const Result<Response>& result, std::string_view body) {
      const bool fine = result ? result->body == body
                               : result.error().code == ErrorCode::closed ||
                                     result.error().code == ErrorCode::cancelled;
      wrong += !fine;
    };
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          Future<Response> call = engine.get("/x");
          if (i % 5 == t) call.cancel();
          if (i % 3 == t) call.wait_for(std::chrono::microseconds(i * 30));
          if (i % 4 == t) {
            std::vector<Future<Response>> calls;
            calls.push_back(std::move(call));
            calls.push_back(engine.get("/y"));
            for (auto& [index, result] : as_completed(std::move(calls)))
              good(result, index == 0 ? "/x" : "/y");
          } else if (i % 7 == t) {
            good(call.then([](Result<Response> result) { return result; }).wait(), "/x");
          } else {
            good(call.wait(), "/x");
          }
          if (i % 10 == t) engine.stats();
        }
      });
    if (round % 2 == 1) engine.shut_down(std::chrono::milliseconds(round));
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
  }
}
