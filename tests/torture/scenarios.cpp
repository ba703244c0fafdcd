#include "tests/torture/scenarios.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/patience.hpp"

namespace headrace::test {
namespace {

ServerTls server_tls() {
  static const Certificates::Files files =
      certificates().issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  return showing(files);
}

// Where there is no memory for it, TLS's own structures are what the engine cannot make.
bool is_defect(const Error& error) {
  return error.code == ErrorCode::internal &&
         error.detail.find("malloc failure") == std::string::npos;
}

using Calls = std::vector<Future<Response>>;

Calls ask(Engine& engine, const EchoServer& server, std::size_t count) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back({.url = server.url("/" + std::to_string(i))});
  return engine.submit_all(requests);
}

void check(const Result<Response>& result, const std::string& target) {
  CAPTURE(target);
  if (result) {
    CHECK(result->body == target);
  } else {
    CAPTURE(to_string(result.error()));
    CHECK_FALSE(is_defect(result.error()));
  }
}

void check_all(Calls& calls) {
  for (std::size_t i = 0; i < calls.size(); ++i) check(calls[i].wait(), "/" + std::to_string(i));
}

void one_get(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 1);
  check_all(calls);
}

void one_get_by_name(Engine& engine, const EchoServer& server) {
  Future<Response> call = engine.submit({.url = server.url_by_name("/named")});
  check(call.wait(), "/named");
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
  CHECK_FALSE(is_defect(result.error()));
}

void shut_down(Engine& engine, const EchoServer& server) {
  Calls calls = ask(engine, server, 6);
  calls.front().wait_for(patience);
  engine.shut_down(std::chrono::milliseconds(0));
  check_all(calls);
}

}  // namespace

Scenario scenario() {
  return GENERATE(values<Scenario>(
      {{.name = "one GET", .play = one_get},
       {.name = "one GET of a host by its name", .play = one_get_by_name},
       {.name = "25 GETs, 5 x 5", .play = twenty_five_gets},
       {.name = "cancelling", .play = cancelled},
       {.name = "shutting down", .play = shut_down, .ends_engine = true},
       {.name = "one GET over TLS", .play = one_get, .tls = true, .stands_for_all = true},
       {.name = "25 GETs, 5 x 5, over TLS", .play = twenty_five_gets, .tls = true},
       {.name = "shutting down over TLS", .play = shut_down, .tls = true, .ends_engine = true}}));
}

EchoServer server_for(const Scenario& scenario) {
  return scenario.tls ? EchoServer(server_tls()) : EchoServer();
}

Options torture_options() {
  return {.connections_max = 5,
          .pipelining = Pipelining::fixed,
          .pipeline_depth = 5,
          .timeout = patience / 2,
          .tls = {.ca_file = certificates().ca_file()}};
}

Result<Response> ask_after(Engine& engine, const EchoServer& server) {
  return engine.submit({.url = server.url("/after")}).wait();
}

void check_after(const Result<Response>& after, const Scenario& scenario) {
  if (after) {
    CHECK(after->body == "/after");
  } else {
    CAPTURE(to_string(after.error()));
    CHECK((scenario.ends_engine && after.error().code == ErrorCode::closed));
  }
}

std::optional<std::size_t> wanted_step() {
  const char* const wanted = std::getenv("HEADRACE_TORTURE_STEP");
  if (wanted == nullptr) return {};
  return static_cast<std::size_t>(std::max(1, std::atoi(wanted)));
}

}  // namespace headrace::test
