#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

namespace {

using headrace::test::Peer;

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

void answer_everything(Peer& peer) {
  for (;;) {
    const std::string body = peer.read_request().target;
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  }
}

}  // namespace

TEST_CASE("the README shows the example that is built and run here") {
  const std::filesystem::path root = HEADRACE_SOURCE_DIR;
  const std::string example = contents_of(root / "tests/readme/example.cpp");
  CHECK(contents_of(root / "README.md").find("```cpp\n" + example + "```") != std::string::npos);
}

TEST_CASE("the README's copy is one") {
  const std::filesystem::path root = HEADRACE_SOURCE_DIR;
  const std::string example = contents_of(root / "tests/readme/stream_example.cpp");
  CHECK(contents_of(root / "README.md").find("```cpp\n" + example + "```") != std::string::npos);

  const std::string large(3'000'000, 'x');
  std::string copied;
  headrace::test::ScriptedServer server;
  server.serve([&](Peer& peer) {
    const auto request = peer.read_request();
    if (request.method == "PUT") copied = request.body;
    peer.send(headrace::test::ok(request.method == "GET" ? large : ""));
  });
  const auto finished = headrace::test::run(
      {.arguments = {HEADRACE_STREAM_EXAMPLE, server.url("/from"), server.url("/to")}});
  server.stop();
  CHECK(finished.output == "200\n");
  CHECK((copied == large));
}

#if defined(HEADRACE_CLIENT_EXAMPLE)
TEST_CASE("the README's client follows a redirect, with its token") {
  const std::filesystem::path root = HEADRACE_SOURCE_DIR;
  const std::string example = contents_of(root / "tests/readme/client_example.cpp");
  CHECK(contents_of(root / "README.md").find("```cpp\n" + example + "```") != std::string::npos);

  headrace::test::ScriptedServer server;
  server.serve([](Peer& peer) {
    for (;;) {
      const auto request = peer.read_request();
      const bool allowed = request.field("Authorization") == "Bearer token";
      peer.send(request.target == "/vms"
                    ? "HTTP/1.1 302 Found\r\nLocation: all\r\nContent-Length: 0\r\n\r\n"
                    : headrace::test::ok(allowed ? "[]" : "who are you?"));
    }
  });
  const auto finished =
      headrace::test::run({.arguments = {HEADRACE_CLIENT_EXAMPLE, server.url(""), "token"}});
  CHECK(finished.status == 0);
  CHECK(finished.output == server.url("/all") + " after 1 redirects: []\n");
}
#endif

TEST_CASE("the README's example fetches all it asks for, over five connections") {
  headrace::test::ScriptedServer server;
  server.serve(answer_everything);
  const auto finished = headrace::test::run({.arguments = {HEADRACE_EXAMPLE, server.url("")}});
  CHECK(finished.status == 0);
  CHECK(std::ranges::count(finished.output, '\n') == 300);
  CHECK(finished.output.find("299: 200\n") != std::string::npos);
  CHECK(server.accept_count() == 5);
}
