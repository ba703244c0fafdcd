#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "bindings/cli/sample/misbehaviour.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/patience.hpp"

using namespace headrace::test;

namespace {

// What the program writes until this comes.
std::string read_until(int descriptor, std::string_view end) {
  std::string text;
  char byte = 0;
  while (!text.ends_with(end) && wait_until_ready(descriptor, Readiness::read) &&
         ::read(descriptor, &byte, 1) == 1)
    text += byte;
  return text;
}

}  // namespace

TEST_CASE("demo --server serves in the named way until it is interrupted") {
  int output[2];
  REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
  const Descriptor reader(output[0]);
  Descriptor writer(output[1]);
  Process process({{HEADRACE_PROGRAM, "demo", "--server", "http10"}}, {.output = output[1]});
  writer.reset();
  std::string url = read_until(reader.get(), "\n");
  REQUIRE(url.starts_with("http://127.0.0.1:"));
  REQUIRE(url.ends_with("/\n"));
  url.resize(url.size() - 2);
  CHECK(read_until(reader.get(), "\n") ==
        "http10: answers one request per connection, as HTTP/1.0\n");

  const Finished fetched =
      headrace_program({"fetch", "--jsonl"}, R"({"id":"a","url":")" + url + "/x\"}\n");
  const auto answer = with_id(objects(fetched.output), "a");
  CHECK(text(answer, "http_version") == "1.0");
  CHECK(text(answer, "body_base64") == "L3g=");

  ::kill(process.pid(), SIGINT);
  CHECK(process.wait() == 130);
  CHECK(read_until(reader.get(), "\n") == "1 connection, 1 request, 1 answer\n");
}

TEST_CASE("demo --server list names the kinds, and so does a kind that there is not") {
  const Finished list = headrace_program({"demo", "--server", "list"});
  CHECK(list.status == 0);
  CHECK(list.errors.empty());
  CHECK(list.output == headrace::sample::list_of_misbehaviours());

  for (const char* name : {"nonsense", ""}) {
    const Finished unknown = headrace_program({"demo", "--server", name});
    CHECK(unknown.status == 2);
    CHECK(unknown.output.empty());
    CHECK(unknown.errors.find("no such kind") != std::string::npos);
    CHECK(unknown.errors.find(list.output) != std::string::npos);
    CHECK(unknown.errors.ends_with("Try 'headrace demo --help'.\n"));
  }
}

TEST_CASE("demo --server has nothing to do with what is measured") {
  const Finished both = headrace_program({"demo", "--server", "honest", "--machines", "5"});
  CHECK(both.status == 2);
  CHECK(both.errors.find("--machines") != std::string::npos);
}
