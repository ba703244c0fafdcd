// What a request takes that can only wait.

#include <chrono>
#include <iterator>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/peer.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::size_t batch = 1'000;
constexpr std::size_t batches = 10;

// All that an engine holds for each of many requests, its future included.
std::uint64_t bytes_of_each(Engine& engine) {
  const std::vector<Request> requests(batch, Request{.url = "/vms/0123456789"});
  std::vector<Future<Response>> waiting;
  waiting.reserve((batches + 1) * batch);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i <= batches; ++i) {
    auto some = engine.submit_all(requests);
    std::move(some.begin(), some.end(), std::back_inserter(waiting));
    if (i == 0) {  // with what is only needed once
      static_cast<void>(engine.stats());
      before = bytes_held();
    }
  }
  static_cast<void>(engine.stats());  // all of them have been read
  const std::uint64_t each = (bytes_held() - before) / (batches * batch);
  for (auto& call : waiting) call.cancel();
  return each;
}

}  // namespace

TEST_CASE("a request that waits takes little memory, and a batch no large piece of it") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    peer.read_request();
    peer.expect_closed();
  });
  Engine engine({.base_url = server.url(""),
                 .connections_max = 1,
                 .pipeline_depth = 1,
                 .hang_timeout = std::chrono::hours(1)});
  CHECK(bytes_of_each(engine) <= 256);

  const std::vector<Request> requests(10 * batch, Request{.url = "/vms/0123456789"});
  const std::size_t futures = requests.size() * sizeof(Future<Response>);
  take_largest_block();
  auto waiting = engine.submit_all(requests);
  CHECK(take_largest_block() <= futures + 64);
  for (auto& call : waiting) call.cancel();
}
