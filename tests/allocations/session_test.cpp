#include <cstdint>
#include <memory>
#include <vector>

#include "engine/tls/context.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("S36: TLS sessions whose ciphertext was taken hold no memory for more of it") {
  auto context = tls::Context::create({.insecure = Insecure::anything});
  REQUIRE(context);
  std::vector<std::unique_ptr<tls::Session>> sessions;
  for (unsigned i = 0; i < 20; ++i)
    sessions.push_back(*(*context)->connect({.origin = "https://a", .host = "a.example"}));
  const std::uint64_t before = bytes_held();
  for (const auto& session : sessions) REQUIRE(session->handshake() == false);
  const std::uint64_t written = bytes_held() - before;
  for (const auto& session : sessions) session->take(session->output().size());
  CHECK(bytes_held() - before <= written / sessions.size() + 16);  // one is kept for all
}
