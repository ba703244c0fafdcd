#include "headrace/stats.hpp"

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/api/runner.hpp"
#include "engine/core/core.hpp"
#include "headrace/engine.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"

using headrace::Engine;
using headrace::Future;
using headrace::Options;
using headrace::Response;
using headrace::Result;
using headrace::Stats;
using headrace::api::Inbox;
using headrace::api::QuestionFor;
using headrace::api::Runner;
using headrace::core::Core;
using headrace::test::echo_targets;
using headrace::test::HeldLoop;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::ScriptedServer;

TEST_CASE("A question waits in the inbox and is answered when the loop reads its mail") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());
  QuestionFor<Stats> stats(&Core::stats);
  QuestionFor<std::string> profiles(&Core::profiles);
  inbox->ask(stats);
  inbox->ask(profiles);
  CHECK_FALSE(stats.over());

  Core core(options, 1);
  static_cast<headrace::io::Host&>(runner).on_wake(core, {});
  REQUIRE(stats.over());
  REQUIRE(profiles.over());
  CHECK_NOTHROW(stats.take());
  CHECK(profiles.take() == core.profiles());
  inbox->close("the test is over");
}

TEST_CASE("A question that no loop will read is given up at once") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());
  QuestionFor<std::string> early(&Core::profiles);
  QuestionFor<std::string> late(&Core::profiles);
  inbox->ask(early);
  CHECK_FALSE(early.over());
  const Inbox::Mail unread = inbox->close("the test is over");
  CHECK(unread.questions.empty());
  REQUIRE(early.over());
  CHECK(early.take().empty());
  inbox->ask(late);
  REQUIRE(late.over());
  CHECK(late.take().empty());
}

TEST_CASE("S46: a snapshot comes from any thread, also in a callback, also after the end") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  Engine other({.base_url = server.url()});
  CHECK_NOTHROW(engine.stats());
  bool asked = false;
  engine.get("/a")
      .then([&](Result<Response>) {
        engine.stats();
        engine.profiles();
        other.stats();  // this loop must not wait for that one, which may be waiting for this one
        other.profiles();
        asked = true;
      })
      .get();
  CHECK(asked);
  engine.shut_down({});
  CHECK(engine.stats().origins.empty());
  CHECK(engine.profiles().empty());
}

TEST_CASE(
    "S46: two engines' callbacks that ask about the other engine do not wait for each other") {
  ScriptedServer server;
  Engine first({.base_url = server.url()});
  Engine second({.base_url = server.url()});
  std::promise<void> first_reached;
  std::promise<void> second_reached;
  auto one = first.get("/a").then([&](Result<Response>) {
    first_reached.set_value();
    second_reached.get_future().wait();
    second.stats();
  });
  auto two = second.get("/b").then([&](Result<Response>) {
    second_reached.set_value();
    first_reached.get_future().wait();
    first.stats();
  });
  server.serve(echo_targets);
  one.get();
  two.get();
  SUCCEED("neither hung");
}

TEST_CASE("S46: questions under way when the engine ends are all answered") {
  for (int round = 0; round < 20; ++round) {
    Engine engine;
    std::atomic<int> begun = 0;
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; ++i)
      askers.emplace_back([&] {
        engine.stats();
        ++begun;
        for (int k = 0; k < 50; ++k) engine.profiles();
      });
    while (begun == 0) std::this_thread::yield();
    engine.shut_down({});
    for (std::thread& asker : askers) asker.join();
    CHECK(engine.stats().origins.empty());
  }
}
