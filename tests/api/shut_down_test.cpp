#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/engine.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"

using headrace::Engine;
using headrace::Error;
using headrace::ErrorCode;
using headrace::Future;
using headrace::Response;
using headrace::Result;
using headrace::test::echo_targets;
using headrace::test::HeldLoop;
using headrace::test::ok;
using headrace::test::open_descriptors;
using headrace::test::Peer;
using headrace::test::ScriptedServer;
using namespace std::chrono_literals;

namespace {

std::vector<headrace::Request> requests(std::size_t count) {
  std::vector<headrace::Request> all(count);
  for (headrace::Request& request : all) request.url = "/";
  return all;
}

}  // namespace

TEST_CASE("S1, S44: destroying the engine completes what a silent server never answers") {
  ScriptedServer server;
  std::optional<Engine> engine(Engine({.base_url = server.url(), .connections_max = 2}));
  std::vector<Future<Response>> calls = engine->submit_all(requests(40));
  Peer peer = server.accept();
  peer.read_request();
  engine.reset();
  for (Future<Response>& call : calls) {
    REQUIRE(call.ready());
    call.cancel();  // after the engine's end it does nothing
    CHECK(call.wait().error().code == ErrorCode::closed);
  }
}

TEST_CASE("S1, S44: destroying the engine completes what is still in the inbox") {
  ScriptedServer server;
  std::optional<Engine> engine(Engine({.base_url = server.url()}));
  Future<Response> first = engine->get("/first");
  Peer peer = server.accept();
  peer.read_request();
  HeldLoop held(std::move(first), [&] { peer.send(ok("")); });
  std::vector<Future<Response>> calls = engine->submit_all(requests(10));
  std::thread closer([&] { engine->shut_down(0ms); });
  while (!engine->get("/").ready()) {  // from a moment on it is refused at once
  }
  for (const Future<Response>& call : calls) CHECK_FALSE(call.ready());
  held.release();
  closer.join();
  engine.reset();
  for (Future<Response>& call : calls) {
    REQUIRE(call.ready());
    CHECK(call.wait().error().code == ErrorCode::closed);
  }
  peer.expect_closed();
}

TEST_CASE("S44: waiting threads wake when the engine is destroyed") {
  ScriptedServer server;
  std::optional<Engine> engine(Engine({.base_url = server.url()}));
  std::vector<Future<Response>> calls = engine->submit_all(requests(3));
  std::vector<std::optional<Error>> errors(calls.size());
  std::vector<std::thread> waiters;
  for (std::size_t i = 0; i < calls.size(); ++i)
    waiters.emplace_back([&, i] { errors[i] = calls[i].wait().error(); });
  Peer peer = server.accept();
  peer.read_request();
  engine.reset();
  for (std::thread& waiter : waiters) waiter.join();
  for (const auto& error : errors) CHECK(error.value().code == ErrorCode::closed);
}

TEST_CASE("S44: a shut-down with grace lets the outstanding finish and refuses the new") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 1, .pipeline_depth = 1});
  std::vector<Future<Response>> calls = engine.submit_all(requests(2));
  Peer peer = server.accept();
  peer.read_request();
  std::thread closer([&] { engine.shut_down(std::chrono::hours(1)); });
  // Refused from some moment on; what came before that is outstanding, and gets its answer too.
  std::vector<Future<Response>> early;
  for (;;) {
    Future<Response> late = engine.get("/");
    if (late.ready()) {
      CHECK(late.wait().error().code == ErrorCode::closed);
      break;
    }
    early.push_back(std::move(late));
  }
  peer.send(ok("first"));
  for (std::size_t i = 0; i < early.size() + 1; ++i) {
    peer.read_request();
    peer.send(ok("second"));
  }
  closer.join();
  CHECK(calls[0].wait().value().body == "first");
  CHECK(calls[1].wait().value().body == "second");
  for (Future<Response>& call : early) CHECK(call.wait().value().body == "second");
  peer.expect_closed();
  CHECK(engine.get("/").wait().error().code == ErrorCode::closed);
  engine.shut_down(0ms);  // nothing left to do
}

TEST_CASE("S44: an engine's descriptors are gone with it") {
  ScriptedServer server;
  const std::size_t before = open_descriptors();
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/");
  {
    Peer peer = server.accept();
    peer.read_request();
    CHECK(open_descriptors() > before + 1);
  }
  engine.shut_down(0ms);
  CHECK(open_descriptors() == before);
}

TEST_CASE("S44: what outlasts the grace is closed") {
  ScriptedServer server;
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/");
  Peer peer = server.accept();
  peer.read_request();
  engine.shut_down(1ms);
  REQUIRE(call.ready());
  CHECK(call.wait().error().code == ErrorCode::closed);
  peer.expect_closed();
}

TEST_CASE("S44: an idle engine is gone at once, whatever the grace") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  CHECK(engine.get("/a").get().body == "/a");
  engine.shut_down(std::chrono::milliseconds::max());
  CHECK(engine.get("/").wait().error().code == ErrorCode::closed);
}

TEST_CASE("S44: several threads may shut down, and the nearest end counts") {
  ScriptedServer server;
  Engine engine({.base_url = server.url()});
  Future<Response> call = engine.get("/");
  Peer peer = server.accept();
  peer.read_request();
  std::vector<std::thread> closers;
  for (const std::chrono::milliseconds grace : {3'600'000ms, 0ms, 3'600'000ms, -7ms})
    closers.emplace_back([&engine, grace] { engine.shut_down(grace); });
  for (std::thread& closer : closers) closer.join();
  CHECK(call.ready());
  CHECK(call.wait().error().code == ErrorCode::closed);
}

TEST_CASE("A shut-down in a callback begins without waiting for itself") {
  ScriptedServer server;
  Engine engine({.base_url = server.url(), .connections_max = 2, .pipeline_depth = 1});
  Future<bool> returned = engine.get("/first").then([&](Result<Response>) {
    engine.shut_down(0ms);
    return true;
  });
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/first");
  Future<Response> other = engine.get("/other");
  peer.send(ok(""));
  CHECK(returned.get());
  CHECK(other.wait().error().code == ErrorCode::closed);
}

TEST_CASE("An engine destroyed in its own callback closes what is outstanding soon after") {
  ScriptedServer server;
  auto engine = std::make_optional<Engine>(
      headrace::Options{.base_url = server.url(), .connections_max = 2, .pipeline_depth = 1});
  std::promise<void> submitted;
  Future<bool> gone =
      engine->get("/first").then([&, ready = submitted.get_future()](Result<Response>) {
        ready.wait();
        engine.reset();
        return !engine.has_value();
      });
  Future<Response> other = engine->get("/other");
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/first");
  submitted.set_value();
  peer.send(ok(""));
  CHECK(gone.get());
  CHECK(other.wait().error().code == ErrorCode::closed);
}

TEST_CASE("S41: a callback that submits gets its answer by another callback") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  std::promise<std::string> seen;
  engine.get("/list")
      .then([&](Result<Response> list) {
        engine.get(list.value().body + "/item")
            .then([&](Result<Response> item) { seen.set_value(item.value().body); })
            .detach();
      })
      .detach();
  CHECK(seen.get_future().get() == "/list/item");
}

TEST_CASE("Waiting in a callback is refused instead of deadlocking") {
  ScriptedServer server;
  server.serve(echo_targets);
  Engine engine({.base_url = server.url()});
  Future<ErrorCode> code =
      engine.get("/a").then([&](Result<Response>) { return engine.get("/b").wait().error().code; });
  CHECK(code.get() == ErrorCode::invalid_argument);
}
