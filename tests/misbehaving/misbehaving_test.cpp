// S48: against a server of each kind every GET gets its own answer, and what that costs.

#include <ostream>

#include "bindings/cli/sample/misbehaving_server.hpp"
#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"

using namespace headrace;
using namespace headrace::sample;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t count = 1'000;

// One connection, so that each lost one could teach before the next is made.
Options learning(unsigned connections = 1) {
  return {.connections_max = connections,
          .pipelining = Pipelining::learned,
          .pipeline_depth = 10,
          .timeout = patience,
          .hang_timeout = 50ms};
}

headrace::Request numbered_get(const MisbehavingServer& server, std::size_t number, bool verify) {
  std::string target = "/" + std::to_string(number);
  headrace::Request request{.url = server.origin() + target};
  if (verify)
    request.verify = [target](const Response& response) { return response.body == target; };
  return request;
}

// How many of `wanted` GETs brought 200 and their own target; what else came is in `wrong`.
struct Outcome {
  std::size_t right = 0;
  std::vector<std::string> wrong = {};

  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    out << outcome.right << " right";
    for (const std::string& one : outcome.wrong) out << ", " << one;
    return out;
  }
};

// How many requests a server that loses none has had, if each was asked once but for those that
// moved away from a head which was slow, as any may be on a busy machine.
std::size_t asked_but_moved(const Engine& engine) {
  return count + engine.stats().origins.at(0).counters.moved_hung;
}

Outcome all_right(std::size_t wanted) { return {.right = wanted}; }

Outcome fetch(Engine& engine, const MisbehavingServer& server, std::size_t wanted,
              bool verify = false) {
  std::vector<headrace::Request> requests;
  for (std::size_t i = 0; i < wanted; ++i) requests.push_back(numbered_get(server, i, verify));
  Outcome outcome;
  for (auto& [index, result] : as_completed(engine.submit_all(std::move(requests)))) {
    const std::string target = "/" + std::to_string(index);
    if (result && result->status == 200 && result->body == target) {
      ++outcome.right;
    } else if (outcome.wrong.size() < 5) {
      outcome.wrong.push_back(target + ": " + (result ? result->body : to_string(result.error())));
    }
  }
  return outcome;
}

const Misbehaviour& kind_of(std::string_view name) { return *find_misbehaviour(name); }

// A kind whose harm shows on the wire, and what is to be thought of it in the end. Whether one
// request a segment is enough for the server depends on how fast it reads.
struct Known {
  std::string_view name;
  std::string_view capability;
};

Known kind_that_spoils() {
  return GENERATE(Known{"http10", "unknown"}, Known{"closes_after_k", "capable"},
                  Known{"announces_close_after_k", "capable"}, Known{"ignores_followers", "off"},
                  Known{"swallows_second", "off or capable"},
                  Known{"skips_second", "off or capable"}, Known{"extra_answers", "off"},
                  Known{"truncates", "off"}, Known{"hangs", "off or capable"},
                  Known{"resets", "off"});
}

}  // namespace

TEST_CASE("S48: a thousand GETs to a server that spoils pipelines are right, with three lost") {
  const Known kind = kind_that_spoils();
  CAPTURE(kind.name);
  const MisbehavingServer server(kind_of(kind.name));
  Engine engine(learning());
  CHECK(fetch(engine, server, count) == all_right(count));
  const OriginStats learned = engine.stats().origins.at(0);
  CAPTURE(learned.reason, learned.counters.opened, learned.counters.lost);
  CHECK(server.tally().broken_pipelines <= 3);
  CAPTURE(learned.capability);
  CHECK(kind.capability.find(learned.capability) != std::string_view::npos);
}

// Here pipelines are on several connections when the first trouble shows, and all of them may meet
// it before anything could be learned.
TEST_CASE("S48: a thousand GETs over four connections are right too") {
  constexpr unsigned connections = 4;
  const Known kind = kind_that_spoils();
  CAPTURE(kind.name);
  const MisbehavingServer server(kind_of(kind.name));
  Engine engine(learning(connections));
  CHECK(fetch(engine, server, count) == all_right(count));
  const OriginStats learned = engine.stats().origins.at(0);
  CAPTURE(learned.reason, learned.counters.opened, learned.counters.lost);
  CHECK(server.tally().broken_pipelines <= 3 + (connections - 1));
}

TEST_CASE("S48: a thousand GETs to a slow server are right") {
  const MisbehavingServer server(kind_of("slow_head"), {.every = 100, .slow = 100ms});
  Engine engine(learning(GENERATE(1U, 4U)));
  CHECK(fetch(engine, server, count) == all_right(count));
}

// A round that ends leaves the connections idle. The next one waits until the client has closed
// all of them: it may not trust what it was told there.
TEST_CASE("S48: a server that talks on idle connections costs these, and no answer", "[S3]") {
  const MisbehavingServer server(kind_of("talks_while_idle"));
  Engine engine(learning(4));
  for (int round = 0; round < 2; ++round) {
    CHECK(fetch(engine, server, count / 2) == all_right(count / 2));
    CHECK(server.wait_until_alone(patience));
  }
  const Tally tally = server.tally();
  CHECK(tally.unasked == tally.connections);
  CHECK(tally.requests == asked_but_moved(engine));
}

TEST_CASE("S48: an honest server keeps its pipelines") {
  const MisbehavingServer server(kind_of("honest"));
  Engine engine(learning());
  CHECK(fetch(engine, server, count) == all_right(count));
  CHECK(server.tally().connections == 1);
  CHECK(server.tally().requests == asked_but_moved(engine));
}

TEST_CASE("S50: a thousand GETs to a server that swaps answers are right when each is checked") {
  const auto* const name = GENERATE("reorders", "skips_second");
  CAPTURE(name);
  const MisbehavingServer server(kind_of(name));
  Engine engine(learning());
  CHECK(fetch(engine, server, count, true) == all_right(count));
  CHECK(server.tally().broken_pipelines <= 3);
}
