// The program's flags about ways to servers.

#include "bindings/cli/way_flags.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;
using headrace::cli::parse_resolve;

namespace {

using Texts = std::vector<std::string>;

void answer_all(ScriptedServer& server) {
  server.serve([](Peer& peer) {
    const ReceivedRequest request = peer.read_request();
    peer.send(ok("", "X-Target: " + request.target + "\r\n"));
    peer.expect_closed();
  });
}

Finished ask(const std::string& url, Texts flags) {
  flags.insert(flags.begin(), {"fetch", "--jsonl"});
  return headrace_program(flags, R"({"id":"a","url":")" + url + "\"}\n");
}

}  // namespace

TEST_CASE("--resolve is read as curl reads it") {
  const auto one = parse_resolve("cloud.example:443:10.0.0.1");
  REQUIRE(one);
  CHECK(one->host == "cloud.example");
  CHECK(one->port == 443);
  CHECK(one->addresses == Texts{"10.0.0.1"});
  const auto more = parse_resolve("[2001:db8::1]:80:[::1],10.0.0.1,::2");
  REQUIRE(more);
  CHECK(more->host == "2001:db8::1");
  CHECK(more->addresses == Texts{"::1", "10.0.0.1", "::2"});
  CHECK(parse_resolve("*:80:::1")->host == "*");
  for (const char* wrong : {"", "a", "a:80", "a:80:", ":80:::1", "[::1:80:::1"}) {
    INFO(wrong);
    const auto parsed = parse_resolve(wrong);
    CHECK((parsed ? "accepted" : parsed.error()).starts_with("--resolve takes HOST:PORT:ADDRESS"));
  }
  for (const char* wrong : {"a:0:::1", "a:65536:::1", "a:b:::1", "a:+1:::1"}) {
    INFO(wrong);
    const auto parsed = parse_resolve(wrong);
    CHECK((parsed ? "accepted" : parsed.error()).starts_with("--resolve needs a port"));
  }
}

TEST_CASE("fetch: --resolve says where a host is, and a wrong one is a usage error") {
  ScriptedServer server;
  answer_all(server);
  const std::string port = std::to_string(server.port());
  const Finished ended = ask("http://cloud.example:" + port + "/x",
                             {"--resolve", "cloud.example:" + port + ":127.0.0.1"});
  CHECK(ended.status == 0);
  const auto answers = objects(ended.output);
  CHECK(ended.output.contains("\"X-Target\",\"/x\""));
  CHECK(ask("http://h/", {"--resolve", "h"}).status == 2);
  CHECK(ask("http://h/", {"--resolve", "h:80:elsewhere"}).status == 2);
}

TEST_CASE("fetch: --unix-socket takes all requests there") {
  const TemporaryDirectory folder;
  ScriptedServer server(folder / "socket");
  answer_all(server);
  const Finished ended =
      ask("http://cloud.example/y", {"--unix-socket", (folder / "socket").string()});
  CHECK(ended.status == 0);
  CHECK(ended.output.contains("\"X-Target\",\"/y\""));
}
