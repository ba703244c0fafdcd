#include <cstdint>
#include <string>

#include "headrace/headrace.hpp"
#include "tests/allocations/core_play.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/peer.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr unsigned warming = 500;
constexpr unsigned measured = 2'000;

// What a copy has to allocate is what whoever has the response keeps.
std::uint64_t kept_of(const Response& response) {
  const std::uint64_t before = allocations();
  const Response copy = response;
  return allocations() - before;
}

// What the core allocates for 1,000 requests beside the responses it hands over.
std::uint64_t core_allocations(std::size_t body_bytes) {
  CorePlay play(5, 5, body_bytes);
  std::uint64_t engine = 0;
  for (unsigned answered = 0; answered < warming + measured; answered += play.depth()) {
    auto requests = play.prepare_round();
    if (answered == warming) engine = 0;
    const std::uint64_t before = allocations();
    const auto completions = play.round(std::move(requests));
    engine += allocations() - before;
    REQUIRE(completions.size() == play.depth());
    for (const auto& completion : completions) engine -= kept_of(*completion.result);
  }
  return engine * 1'000 / measured;
}

// The same of the whole engine, one request after the other. The request's own strings are short.
std::uint64_t engine_allocations(std::size_t body_bytes) {
  ScriptedServer server;
  server.serve([answer = answer_of(body_bytes)](Peer& peer) {
    const Uncounted uncounted;
    for (;;) {
      peer.read_request();
      peer.send(answer);
    }
  });
  Engine engine({.base_url = server.url(""), .connections_max = 1});
  std::uint64_t begun = 0;
  std::uint64_t kept = 0;
  for (unsigned i = 0; i < warming + measured; ++i) {
    if (i == warming) begun = allocations(), kept = 0;
    const Response response = engine.submit({.url = "/bytes"}).get();
    const std::uint64_t copied = kept_of(response);
    kept += 2 * copied;  // once in the engine, once just now
  }
  return (allocations() - begun - kept) * 1'000 / measured;
}

}  // namespace

TEST_CASE("what the engine allocates for 1,000 requests in steady state, beside the responses") {
  struct Row {
    std::size_t body_bytes;
    std::uint64_t core_max;
    std::uint64_t engine_max;
  };
  const Row row =
      GENERATE(Row{300, 1'900, 3'100}, Row{4096, 1'900, 3'100}, Row{100'000, 1'900, 3'100});
  CAPTURE(row.body_bytes);
  CHECK(core_allocations(row.body_bytes) <= row.core_max);
  CHECK(engine_allocations(row.body_bytes) <= row.engine_max);
}
