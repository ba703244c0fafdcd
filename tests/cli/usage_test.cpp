#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "headrace/version.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace::test;

TEST_CASE("the program says its version and its usage") {
  const Finished version = headrace_program({"--version"});
  CHECK(version.status == 0);
  CHECK(version.output == "headrace " HEADRACE_VERSION "\n");
  CHECK(version.errors.empty());

  const Finished wrong = headrace_program({"fetch", "--jsonl", "--nonsense"});
  CHECK(wrong.status == 2);
  CHECK(wrong.output.empty());
  CHECK(wrong.errors == "headrace: there is no option --nonsense\nTry 'headrace fetch --help'.\n");
}

TEST_CASE("an option that the engine refuses is wrong usage") {
  const Finished finished = headrace_program({"fetch", "--jsonl", "--ca", "/nonexistent"});
  CHECK(finished.status == 2);
  CHECK(finished.errors.find("/nonexistent") != std::string::npos);
}

TEST_CASE("an output that is full or closed ends the program with a message") {
  const std::string program = HEADRACE_PROGRAM;
  for (const std::string& target : {std::string(">/dev/full"), std::string(">&-")}) {
    CAPTURE(target);
    const Finished finished = run({{"sh", "-c", program + " fetch --jsonl " + target}}, "x\ny\n");
    CHECK(finished.status == 1);
    CHECK(finished.errors.find("standard output") != std::string::npos);
    const Finished help = run({{"sh", "-c", program + " --help " + target}});
    CHECK(help.status == 1);
    CHECK(help.errors.find("standard output") != std::string::npos);
  }
}

TEST_CASE("a closed input is an error, not an empty one") {
  const std::string program = HEADRACE_PROGRAM;
  const Finished finished = run({{"sh", "-c", program + " fetch --jsonl <&-"}});
  CHECK(finished.status == 1);
  CHECK(finished.errors.find("standard input") != std::string::npos);
}

TEST_CASE("an interrupt ends the program in order, with 130 and an answer to what was sent") {
  ScriptedServer server;
  int input[2];
  int output[2];
  REQUIRE(::pipe2(input, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
  const Descriptor ends[] = {Descriptor(input[0]), Descriptor(input[1]), Descriptor(output[0]),
                             Descriptor(output[1])};
  Process process({{HEADRACE_PROGRAM, "fetch", "--jsonl"}},
                  {.input = input[0], .output = output[1]});
  const std::string line = R"({"id":"a","url":")" + server.url() + "\"}\n";
  REQUIRE(::write(input[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  Peer peer = server.accept();
  peer.read_request();
  ::kill(process.pid(), SIGINT);
  CHECK(process.wait() == 130);
  std::string bytes(1000, '\0');
  bytes.resize(
      static_cast<std::size_t>(std::max<ssize_t>(0, ::read(output[0], bytes.data(), 1000))));
  CHECK(code(objects(bytes).at(0)) == "closed");
}
