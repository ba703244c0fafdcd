// The tests' own tools: a test is worth what they are worth.

#include "tests/loopback/scene.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;

namespace {

Socket connect_to(const ScriptedServer& server) { return Socket(connected_to(server.port())); }

}  // namespace

TEST_CASE("A scripted server hands out what arrived together, and knows silence") {
  ScriptedServer server;
  CHECK_FALSE(server.connection_waits());
  Socket client = connect_to(server);
  CHECK(server.connection_waits());
  Peer peer = server.accept();
  CHECK(peer.silent());
  client.send("GET /a HTTP/1.1\r\n\r\nPUT /b HTTP/1.1\r\nContent-Length:2\r\n\r\nhi");
  const auto requests = peer.read_together();
  CHECK(targets(requests) == Targets{"/a", "/b"});
  CHECK(requests[1].body == "hi");
  CHECK(requests[1].field("content-length") == "2");
  CHECK(peer.silent());
  client.send("GET");
  CHECK_FALSE(peer.silent());
  CHECK_THROWS_WITH(peer.read_together(), Catch::Matchers::Contains("inside a request"));
  CHECK_THROWS_WITH(peer.expect_closed(), Catch::Matchers::Contains("was to close"));
}

TEST_CASE("A scripted server refuses what is no request") {
  const auto [bytes] =
      GENERATE(table<const char*>({{"GET /a\r\n\r\n"},
                                   {"GET /a b HTTP/1.1\r\n\r\n"},
                                   {"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n"},
                                   {"\r\nGET / HTTP/1.1\r\n\r\n"},
                                   {"GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n"}}));
  std::string buffer = bytes;
  CHECK_THROWS_WITH(take_request(buffer), Catch::Matchers::StartsWith("not a request"));
}

TEST_CASE("What a handler of a scripted server throws is found by stop") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    peer.read_request();
    throw std::runtime_error("seen");
  });
  Socket client = connect_to(server);
  client.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(client.receive().empty());
  CHECK_THROWS_WITH(server.stop(), "seen");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("A program's output, errors, input and status come back from run") {
  const Finished finished =
      run({{"sh", "-c", "cat; echo $WORD >&2; exit 7"}, {{"WORD", "no"}}}, "in");
  CHECK(finished.output == "in");
  CHECK(finished.errors == "no\n");
  CHECK(finished.status == 7);
  CHECK_THROWS_WITH(run({{"a-program-that-is-nowhere"}}),
                    Catch::Matchers::Contains("cannot start"));
  CHECK_THROWS_WITH(run({{"sleep", "100"}}, {}, std::chrono::milliseconds(1)),
                    Catch::Matchers::Contains("did not end"));
}

TEST_CASE("A background program is ended by its pid and leaves its output in a file") {
  const TemporaryDirectory directory;
  Process process(
      {.arguments = {"sh", "-c", "echo started; exec sleep 100"}, .output = directory / "log"});
  CHECK(process.running());
  process.terminate();
  CHECK(process.wait() == 128 + 15);
  CHECK_FALSE(process.running());
}
