#include <filesystem>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;

namespace {

void answer_everything(Peer& peer) {
  for (;;) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }
}

Finished fetch(const std::filesystem::path& profiles, const ScriptedServer& server, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += R"({"id":")" + std::to_string(i) + R"(","url":")" + server.url("/") + "\"}\n";
  return headrace_program({"fetch", "--jsonl", "--connections", "1", "--profiles", profiles},
                          lines);
}

std::size_t files_in(const TemporaryDirectory& directory) {
  const std::filesystem::directory_iterator begin(directory.path());
  return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("S47: what was learned is kept in a file from run to run") {
  ScriptedServer server;
  server.serve(answer_everything);
  const TemporaryDirectory directory;
  const auto file = directory / "profiles";
  CHECK(fetch(file, server, 10).status == 0);
  const std::string first = read_file(file);
  CHECK(first.starts_with("headrace-profiles 1\nhttp://127.0.0.1:" + std::to_string(server.port()) +
                          " capable depth=10 "));
  CHECK(fetch(file, server, 1).status == 0);  // one request alone would have shown nothing
  CHECK(read_file(file).find(" capable depth=10 ") != std::string::npos);
  CHECK(files_in(directory) == 1);
}

TEST_CASE("a file that holds no profiles is refused with its line, and stays as it is") {
  ScriptedServer server;
  const TemporaryDirectory directory;
  const auto file = directory / "profiles";
  write_file(file, "headrace-profiles 1\nnonsense\n");
  const Finished finished = fetch(file, server, 1);
  CHECK(finished.status == 2);
  CHECK(finished.errors.find("line 2") != std::string::npos);
  CHECK(read_file(file) == "headrace-profiles 1\nnonsense\n");
}

TEST_CASE("profiles that can't be kept are a failure that says where") {
  ScriptedServer server;
  server.serve(answer_everything);
  const TemporaryDirectory directory;
  const Finished finished = fetch(directory / "missing" / "profiles", server, 1);
  CHECK(finished.status == 1);
  CHECK(finished.output.find("\"status\":200") != std::string::npos);
  CHECK(finished.errors.find((directory / "missing" / "profiles").string()) != std::string::npos);
}

TEST_CASE("S47: --pipelining off sends one request at a time") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    for (;;) {
      peer.read_request();
      const bool alone = peer.silent();
      peer.send(std::string("HTTP/1.1 ") + (alone ? "200" : "500") +
                " Text\r\nContent-Length: 0\r\n\r\n");
    }
  });
  std::string lines;
  for (int i = 0; i < 20; ++i)
    lines += R"({"id":")" + std::to_string(i) + R"(","url":")" + server.url("/") + "\"}\n";
  const Finished finished =
      headrace_program({"fetch", "--jsonl", "--connections", "1", "--pipelining", "off"}, lines);
  CHECK(finished.status == 0);
  CHECK(finished.output.find("\"status\":500") == std::string::npos);
}
