// Every socket call of a scenario fails once, in every way that such a call may: no future is left
// behind, no answer is wrong, no descriptor stays, and the engine goes on.

#include <filesystem>
#include <functional>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/patience.hpp"
#include "tests/torture/echo_server.hpp"
#include "tests/torture/failing_calls.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

ServerTls server_tls() {
  static const Certificates::Files files = certificates().issue({.ips = {"127.0.0.1"}});
  return {.chain_file = files.chain_file, .key_file = files.key_file};
}

Options options() {
  return {.connections_max = 5,
          .pipelining = Pipelining::fixed,
          .pipeline_depth = 5,
          .timeout = patience / 2,
          .tls = {.ca_file = certificates().ca_file()}};
}

using Calls = std::vector<Future<Response>>;

Calls ask(Engine& engine, const EchoServer& server, std::size_t count) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back({.url = server.url("/" + std::to_string(i))});
  return engine.submit_all(requests);
}

// Each has its own answer, or an error that is none of ours.
void check_all(Calls& calls) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Result<Response> result = calls[i].wait();
    if (result)
      CHECK(result->body == "/" + std::to_string(i));
    else
      CHECK(result.error().code != ErrorCode::internal);
  }
}

void one_get(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 1);
  check_all(calls);
}

void twenty_five_gets(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 25);
  check_all(calls);
}

void cancelled(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 4);
  Future<Response> unanswered = engine.submit({.url = server.url("/silent")});
  unanswered.cancel();
  calls[1].cancel();
  check_all(calls);
  const Result<Response> result = unanswered.wait();
  REQUIRE_FALSE(result);
  CHECK(result.error().code != ErrorCode::internal);
}

void shut_down(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 6);
  calls.front().wait_for(patience);
  engine.shut_down(std::chrono::milliseconds(0));
  check_all(calls);
}

struct Scenario {
  const char* name;
  std::function<void(Engine&, const EchoServer&)> play;
  bool tls = false;
};

Scenario scenario() {
  return GENERATE(values<Scenario>({{"one GET", one_get},
                                    {"25 GETs, 5 x 5", twenty_five_gets},
                                    {"cancelling", cancelled},
                                    {"shutting down", shut_down},
                                    {"one GET over TLS", one_get, true},
                                    {"25 GETs, 5 x 5, over TLS", twenty_five_gets, true},
                                    {"shutting down over TLS", shut_down, true}}));
}

constexpr Failures broken{"broken", EMFILE, EADDRNOTAVAIL, ECONNRESET, EPIPE};
constexpr Failures exhausted{"exhausted", ENOBUFS, EAGAIN, ENOMEM, ENOBUFS};
constexpr Failures interrupted{"interrupted", 0, EINTR, EINTR, EINTR};

// Plays it with the nth call failing, 0 being none. False when there were not so many.
bool play(const Scenario& scenario, const EchoServer& server, std::size_t nth,
          const Failures& failures) {
  Result<Engine> engine = Engine::create(options());
  REQUIRE(engine);
  bool reached = false;
  {
    const FailingCall failing(nth, failures);
    scenario.play(*engine, server);
    reached = failing.reached();
  }
  Future<Response> after = engine->submit({.url = server.url("/after")});
  const Result<Response> result = after.wait();
  if (result)
    CHECK(result->body == "/after");
  else
    CHECK((scenario.name[0] == 's' && result.error().code == ErrorCode::closed));
  return reached;
}

}  // namespace

TEST_CASE("S1: whichever socket call fails, every future completes and the engine goes on") {
  const Scenario played = scenario();
  const Failures failures = GENERATE(broken, exhausted, interrupted);
  const EchoServer server(played.tls ? std::optional(server_tls()) : std::nullopt);
  play(played, server, 0, failures);  // what libuv keeps for the process is there after the first
  const std::size_t before = open_descriptors();
  std::size_t nth = 1;
  CAPTURE(played.name, failures.name);
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    reached = play(played, server, nth, failures);
    REQUIRE(nth < 1'000);
  }
  CHECK(nth > 3);  // a connection has a socket, a connect, a write and a read
  CHECK(open_descriptors() == before);
}

TEST_CASE("S1: when all socket calls fail from one on, every future completes") {
  const Scenario played = scenario();
  const EchoServer server(played.tls ? std::optional(server_tls()) : std::nullopt);
  Options impatient = options();
  impatient.attempts_max = 1;
  impatient.connect_attempts = 1;
  CAPTURE(played.name);
  bool reached = true;
  for (std::size_t nth = 1; reached; ++nth) {
    CAPTURE(nth);
    Result<Engine> engine = Engine::create(impatient);
    REQUIRE(engine);
    const FailingCall failing(nth, broken, true);
    played.play(*engine, server);
    reached = failing.reached();
    REQUIRE(nth < 1'000);
  }
}
