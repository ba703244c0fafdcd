// When the loop is woken: only by those who do not have it.

#include <dlfcn.h>
#include <uv.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/parked.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

std::atomic<int> wakes = 0;

std::vector<std::string> bodies_of(std::vector<Future<Response>>& answers) {
  std::vector<std::string> bodies;
  for (Future<Response>& answer : answers) bodies.push_back(answer.get().body);
  return bodies;
}

struct EchoServer : ScriptedServer {
  EchoServer() { serve(echo_targets); }
};

// What is left for the loop meanwhile it finds together.
struct Held {
  EchoServer server;
  Engine engine{Options{.base_url = server.url(), .connections_max = 1}};
  HeldLoop held{engine.get("/held"), [] {}};
  const int before = wakes;
  std::vector<Future<Response>> answers;
};

}  // namespace

// Whatever the program's own flags say, the engine is to find this.
#pragma GCC visibility push(default)
extern "C" int uv_async_send(uv_async_t* handle) {
  static const auto real =
      reinterpret_cast<decltype(&uv_async_send)>(dlsym(RTLD_NEXT, "uv_async_send"));
  ++wakes;
  return real(handle);
}
#pragma GCC visibility pop

TEST_CASE("a callback of an answer that came while nobody ran the loop submits without a wake-up") {
  EchoServer quick;
  ScriptedServer server;
  Engine engine(Options{});
  std::optional<Future<Response>> next;
  const Future<void> call = engine.get(server.url("/a")).then([&](Result<Response>) {
    next = engine.get(server.url("/b"));
  });
  Peer peer = server.accept();
  peer.read_request();
  run_and_park(engine, quick.url());
  const int before = wakes;
  peer.send(ok("a"));
  CHECK(peer.read_request().target == "/b");
  CHECK(wakes == before);
  peer.send(ok("b"));
  CHECK(next->get().body == "b");
}

TEST_CASE("requests that were enqueued wake the loop once, when they are flushed") {
  Held scene;
  for (const char* target : {"/a", "/b", "/c"})
    scene.answers.push_back(scene.engine.enqueue({.url = target}));
  CHECK(wakes == scene.before);
  scene.engine.flush();
  CHECK(wakes == scene.before + 1);
  SECTION("and not again") {
    scene.engine.flush();
    CHECK(wakes == scene.before + 1);
  }
  SECTION("nor does another behind them") {
    scene.answers.push_back(scene.engine.enqueue({.url = "/d"}));
    scene.engine.flush();
    CHECK(wakes == scene.before + 1);
  }
  SECTION("nor a submit") {
    scene.answers.push_back(scene.engine.get("/d"));
    CHECK(wakes == scene.before + 1);
  }
  scene.held.release();
  std::vector<std::string> expected = {"/a", "/b", "/c", "/d"};
  expected.resize(scene.answers.size());
  CHECK(bodies_of(scene.answers) == expected);
}

TEST_CASE("what wakes the loop takes along what was enqueued before") {
  Held scene;
  scene.answers.push_back(scene.engine.enqueue({.url = "/a"}));
  SECTION("a submit") {
    scene.answers.push_back(scene.engine.get("/b"));
    CHECK(wakes == scene.before + 1);
    scene.held.release();
    CHECK(bodies_of(scene.answers) == std::vector<std::string>{"/a", "/b"});
  }
  SECTION("a cancel") {
    scene.answers[0].cancel();
    CHECK(wakes == scene.before + 1);
    scene.held.release();
    CHECK(scene.answers[0].wait().error().code == ErrorCode::cancelled);
  }
}

TEST_CASE("a wait wakes the loop for what was enqueued, whoever runs it") {
  ScriptedServer slow;
  EchoServer server;
  Engine engine(Options{});
  std::thread other([&] {
    run_and_park(engine, server.url());
    CHECK(engine.get(slow.url("/")).get().body == "slow");
  });
  Peer peer = slow.accept();
  peer.read_request();
  CHECK(engine.enqueue({.url = server.url("/a")}).get().body == "/a");
  peer.send(ok("slow"));
  other.join();
}
