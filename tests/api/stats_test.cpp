#include "headrace/stats.hpp"

#include <atomic>
#include <chrono>
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
using headrace::api::Question;
using headrace::api::Runner;
using headrace::test::echo_targets;
using headrace::test::HeldLoop;
using headrace::test::ok;
using headrace::test::Peer;
using headrace::test::ScriptedServer;

namespace {

template <class T>
bool answered(const std::future<T>& answer) {
  return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

TEST_CASE("A question waits in the inbox and is answered when the loop reads its mail") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());
  std::promise<Stats> stats;
  std::promise<std::string> profiles;
  std::future<Stats> stats_answer = stats.get_future();
  std::future<std::string> profiles_answer = profiles.get_future();
  inbox->ask(std::move(stats));
  inbox->ask(std::move(profiles));
  CHECK_FALSE(answered(stats_answer));

  headrace::core::Core core(options, 1);
  static_cast<headrace::io::Host&>(runner).on_wake(core, {});
  REQUIRE(answered(stats_answer));
  REQUIRE(answered(profiles_answer));
  CHECK_NOTHROW(stats_answer.get());
  CHECK(profiles_answer.get() == core.profiles());
  inbox->close("the test is over");
}

TEST_CASE("A question that no loop will read is dropped at once") {
  const Options options;
  const auto inbox = std::make_shared<Inbox>(options);
  Runner runner(options, inbox);
  REQUIRE(runner.open());
  std::promise<Stats> early;
  std::promise<Stats> late;
  std::future<Stats> early_answer = early.get_future();
  std::future<Stats> late_answer = late.get_future();
  inbox->ask(std::move(early));
  CHECK_FALSE(answered(early_answer));
  const Inbox::Mail unread = inbox->close("the test is over");
  CHECK(unread.questions.empty());
  REQUIRE(answered(early_answer));
  CHECK_THROWS_AS(early_answer.get(), std::future_error);
  inbox->ask(std::move(late));
  REQUIRE(answered(late_answer));
  CHECK_THROWS_AS(late_answer.get(), std::future_error);
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
