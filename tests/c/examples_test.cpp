// S45: the examples in bindings/c/examples do what they say, also where every byte is watched.

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace::test;

namespace {

void echo_targets(Peer& peer) {
  for (;;) {
    const std::string target = peer.read_request().target;
    peer.send(ok(target, "X-Target: " + target + "\r\n"));
  }
}

Finished run_example(std::vector<std::string> arguments) {
  arguments.front() = HEADRACE_EXAMPLES "/c_example_" + arguments.front();
  return run({.arguments = arguments});
}

// Where valgrind sees an error or a lost block the status is 99. The sanitizers see the same, and
// have no path to it here.
Finished run_watched(std::vector<std::string> arguments) {
#if defined(HEADRACE_VALGRIND)
  if (std::string_view(HEADRACE_VALGRIND).empty()) {
    if (std::getenv("CI") != nullptr) FAIL("valgrind is not installed");
    WARN("valgrind is not installed: the examples run unwatched");
    return run_example(std::move(arguments));
  }
  arguments.front() = HEADRACE_EXAMPLES "/c_example_" + arguments.front();
  const std::vector<std::string> valgrind = {HEADRACE_VALGRIND, "--quiet", "--leak-check=full",
                                             "--errors-for-leak-kinds=definite,indirect",
                                             "--error-exitcode=99"};
  arguments.insert(arguments.begin(), valgrind.begin(), valgrind.end());
  return run({.arguments = arguments});
#else
  return run_example(std::move(arguments));
#endif
}

}  // namespace

TEST_CASE("S45: the example `get` prints an answer, or why there is none") {
  ScriptedServer server;
  server.serve(echo_targets);
  const Finished good = run_watched({"get", server.url("/one")});
  CHECK(good.errors.empty());
  CHECK(good.status == 0);
  CHECK(good.output == "X-Target: /one\nContent-Length: 4\n\n200, 4 bytes\n/one");

  const Finished bad = run_example({"get", "nonsense"});
  CHECK(bad.status == 1);
  CHECK(bad.output.empty());
  CHECK(bad.errors.starts_with("get: invalid_argument: "));
  CHECK(run_example({"get"}).status == 2);
}

TEST_CASE(
    "S45: the example `download` hands a body on as it comes, and says when it is not whole") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    const bool whole = peer.read_request().target == "/whole";
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
    peer.send(whole ? "3\r\ntwo\r\n0\r\nDigest: x\r\n\r\n" : "3\r\nt");
    peer.cut();
  });
  const Finished good = run_watched({"download", server.url("/whole")});
  CHECK(good.status == 0);
  CHECK(good.output == "onetwo");
  CHECK(good.errors == "200, 6 bytes\nDigest: x\n");
  const Finished bad = run_watched({"download", server.url("/cut")});
  CHECK(bad.status == 1);
  CHECK(bad.output == "onet");
  CHECK(bad.errors.starts_with("download: connection_lost: "));
  CHECK(run_example({"download", server.url("/"), "more"}).status == 2);
}

TEST_CASE("S45: the example `inventory` gets all, over five connections, in a loop of its own") {
  ScriptedServer server;
  server.serve(echo_targets);
  const Finished finished = run_watched({"inventory", server.url(""), "300"});
  CHECK(finished.errors.empty());
  CHECK(finished.status == 0);
  CHECK(finished.output == "300 of 300 answered, 1090 bytes\n");
  CHECK(server.accept_count() <= 5);

  const std::string nowhere = ScriptedServer().url("");
  const Finished refused = run_example({"inventory", nowhere, "2"});
  CHECK(refused.status == 1);
  CHECK(refused.output == "0 of 2 answered, 0 bytes\n");
}

TEST_CASE("S45: the example `threads` has sixteen threads share an engine") {
  ScriptedServer server;
  server.serve(echo_targets);
  const Finished plain = run_example({"threads", server.url(""), "50"});
  CHECK(plain.errors.find("\"answered\":800,\"failed\":0,") != std::string::npos);
  CHECK(plain.output == "800 of 800 right\n");
  CHECK(plain.status == 0);
  const Finished watched = run_watched({"threads", server.url(""), "3"});
  CHECK(watched.output == "48 of 48 right\n");
  CHECK(watched.status == 0);
}
