// Of too many origins some that nobody uses is forgotten.

#include <set>
#include <string>
#include <utility>
#include <variant>

#include "engine/base/limits.hpp"
#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

namespace {

constexpr Instant start{};

void submit(Core& core, const std::string& host) {
  auto prepared = http::prepare({.url = "http://" + host + "/"}, http::Base{}, false);
  REQUIRE(prepared);
  REQUIRE(core.submit(start, {.prepared = *std::move(prepared)}));
}

// The request of an origin that refuses connections: it fails, and leaves nothing but what was
// learned.
void fail(Core& core, const std::string& host) {
  submit(core, host);
  const auto dial = core.next_action();
  REQUIRE(dial);
  core.on_dialled(start, std::get<Dial>(*dial).connection,
                  std::unexpected(Error{.code = ErrorCode::connect_failed}));
  REQUIRE_FALSE(core.next_action());
  REQUIRE(core.take_completions().size() == 1);
}

std::set<std::string> known(const Core& core) {
  std::set<std::string> origins;
  for (const OriginStats& origin : core.stats().origins) origins.insert(origin.origin);
  return origins;
}

std::string unused(std::size_t number) { return "unused" + std::to_string(number); }

}  // namespace

TEST_CASE("S36: origins without number are not all remembered, and no used one is forgotten") {
  Core core({.connect_attempts = 1}, 1);
  submit(core, "used");
  REQUIRE(core.next_action());
  constexpr std::size_t count = 2 * limits::idle_origins_max;
  for (std::size_t i = 0; i < count; ++i) fail(core, unused(i));
  const auto origins = known(core);
  CHECK(origins.size() == limits::idle_origins_max);
  CHECK(origins.contains("http://used:80"));
  constexpr std::size_t oldest = count + 1 - limits::idle_origins_max;  // of those that are known
  for (std::size_t i = 0; i < count; ++i)
    CHECK(origins.contains("http://" + unused(i) + ":80") == (i >= oldest));
  fail(core, unused(0));  // it is met anew, with no pause between dials
  CHECK(known(core).contains("http://" + unused(0) + ":80"));
}

TEST_CASE("S36: where every origin is in use, one more is known than are remembered") {
  Core core({.connect_attempts = 1}, 1);
  for (std::size_t i = 0; i <= limits::idle_origins_max; ++i) {
    submit(core, "used" + std::to_string(i));
    while (core.next_action()) continue;
  }
  CHECK(known(core).size() == limits::idle_origins_max + 1);
}
