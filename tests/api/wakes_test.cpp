// When the loop is woken: only by those who do not have it.

#include <dlfcn.h>
#include <uv.h>

#include <atomic>
#include <optional>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/parked.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

std::atomic<int> wakes = 0;

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
  ScriptedServer quick;
  quick.serve(echo_targets);
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
