#include <fcntl.h>
#include <unistd.h>

#include <map>

#include "bindings/cli/sample/server.hpp"
#include "bindings/common/base64.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_server.hpp"

using namespace headrace::test;
namespace sample = headrace::sample;
using headrace::base64_decode;

namespace {

// Answers with what it was asked.
sample::Answer echo(const sample::Request& request) {
  return {.body = request.method + " " + request.target + " " + request.body,
          .content_type = "text/plain",
          .fields = {{"X-Asked", std::string(request.field("x-ask"))}}};
}

struct Echo {
  sample::Server server{echo, std::chrono::milliseconds(1)};

  std::string line(std::string_view id, std::string_view path = "/",
                   std::string_view more = "") const {
    return R"({"id":")" + std::string(id) + R"(","url":")" + server.origin() + std::string(path) +
           '"' + std::string(more) + "}\n";
  }
};

// A port that nobody listens on: it was ours a moment ago.
std::string dead_url() {
  const ScriptedServer server;
  return server.url();
}

std::string body(const headrace::json::Value& answer) {
  return base64_decode(text(answer, "body_base64")).value();
}

}  // namespace

TEST_CASE("a line is answered as the line protocol says") {
  const Echo there;
  const Finished finished = headrace_program(
      {"fetch", "--jsonl"},
      there.line("a", "/x?y", R"(,"method":"POST","body":"hi","headers":[["X-Ask","v"]])"));
  CHECK(finished.status == 0);
  CHECK(finished.errors.empty());
  CHECK(finished.output ==
        R"({"id":"a","status":200,"http_version":"1.1","reason":"OK","headers":[)"
        R"(["Content-Type","text/plain"],["Content-Length","12"],["X-Asked","v"]],)"
        R"("trailers":[],"body_base64":"UE9TVCAveD95IGhp","attempts":1,"error":null})"
        "\n");
}

TEST_CASE("every line has its answer whatever happens to the others") {
  const Echo there;
  const std::string input =
      there.line("first") + "nonsense\n\n" + R"({"id":"dead","url":")" + dead_url() + "\"}\n" +
      there.line("inject", "/", R"(,"headers":[["X","a\r\nEvil: b"]])") +
      there.line("inject-url", "/\\r\\nEvil: b") + there.line("typo", "/", R"(,"boddy":"x")") +
      R"({"id":"scheme","url":"ftp://127.0.0.1/"})"
      "\n" +
      R"({"id":"last","url":")" + there.server.origin() + "/last\"}";  // without a line end
  const Finished finished = headrace_program({"fetch", "--jsonl"}, input);
  CHECK(finished.status == 1);
  const auto answers = objects(finished.output);
  CHECK(answers.size() == 8);
  CHECK(code(with_id(answers, "first")).empty());
  CHECK(code(with_id(answers, "dead")) == "connect_failed");
  CHECK(text(member(with_id(answers, "dead"), "error"), "progress") == "queued");
  CHECK(code(with_id(answers, "inject")) == "invalid_argument");
  CHECK(code(with_id(answers, "inject-url")) == "invalid_argument");
  CHECK(code(with_id(answers, "typo")) == "invalid_argument");
  CHECK(code(with_id(answers, "scheme")) == "invalid_argument");
  CHECK(body(with_id(answers, "last")) == "GET /last ");
  bool named = false;
  for (const auto& answer : answers) {
    if (member(answer, "id").kind != headrace::json::Kind::null) continue;
    named = true;
    CHECK(text(answer, "line") == "2");
    CHECK(code(answer) == "invalid_argument");
  }
  CHECK(named);
  CHECK(there.server.requests() == 2);
}

TEST_CASE("many lines are answered each with its own, over the connections allowed") {
  const Echo there;
  constexpr std::size_t count = 2000;
  std::string input;
  for (std::size_t i = 0; i < count; ++i)
    input += there.line(std::to_string(i), "/" + std::to_string(i));
  const Finished finished =
      headrace_program({"fetch", "--jsonl", "--connections", "3", "--pipeline", "8"}, input);
  CHECK(finished.status == 0);
  const auto answers = objects(finished.output);
  REQUIRE(answers.size() == count);
  std::map<std::string, std::string> bodies;
  for (const auto& answer : answers) bodies[text(answer, "id")] = body(answer);
  CHECK(bodies.size() == count);
  for (const auto& [id, got] : bodies) CHECK(got == "GET /" + id + " ");
  CHECK(there.server.connections() <= 3);
}

TEST_CASE("a request is on its way, and an answer out, while the input is still open") {
  ScriptedServer server;
  int input[2];
  int output[2];
  REQUIRE(::pipe2(input, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
  const Descriptor input_read(input[0]), output_read(output[0]), output_write(output[1]);
  Descriptor input_write(input[1]);
  Process process({{HEADRACE_PROGRAM, "fetch", "--jsonl"}},
                  {.input = input[0], .output = output[1]});
  const std::string line = R"({"id":"a","url":")" + server.url() + "\"}\n";
  REQUIRE(::write(input[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  Peer peer = server.accept();
  peer.read_request();
  peer.send("HTTP/1.1 204 No Content\r\n\r\n");
  REQUIRE(wait_until_ready(output[0], Readiness::read));
  char bytes[1000];
  const ssize_t size = ::read(output[0], bytes, sizeof bytes);
  REQUIRE(size > 0);
  CHECK(text(objects(std::string_view(bytes, static_cast<std::size_t>(size))).at(0), "status") ==
        "204");
  input_write = Descriptor();
  CHECK(process.wait() == 0);
}

TEST_CASE("bytes of a header that are no UTF-8 are written as latin-1") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 0\r\n\r\n");
  });
  const Finished finished =
      headrace_program({"fetch", "--jsonl"}, R"({"id":"a","url":")" + server.url() + "\"}\n");
  CHECK(finished.status == 0);
  CHECK(finished.output.find("[\"X\",\"caf\u00e9\"]") != std::string::npos);
}

TEST_CASE("limits and deadlines from the command line and the line hold") {
  ScriptedServer server;
  server.serve([](Peer& peer) {
    for (;;) {
      const std::string target = peer.read_request().target;
      if (target == "/body")
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901");
      else if (target == "/head")
        peer.send("HTTP/1.1 200 OK\r\nX: " + std::string(600, 'x') + "\r\n\r\n");
    }
  });
  const auto line = [&](std::string id, std::string more = "") {
    return R"({"id":")" + id + R"(","url":")" + server.url("/" + id) + '"' + more + "}\n";
  };
  const Finished finished =
      headrace_program({"fetch", "--jsonl", "--max-body-bytes", "10", "--max-header-bytes", "500",
                        "--pipeline", "1"},
                       line("body") + line("head") + line("late", R"(,"timeout_ms":50)"));
  CHECK(finished.status == 1);
  const auto answers = objects(finished.output);
  CHECK(code(with_id(answers, "body")) == "body_too_large");
  CHECK(code(with_id(answers, "head")) == "head_too_large");
  CHECK(code(with_id(answers, "late")) == "timed_out");
}

TEST_CASE("a certificate that nobody vouches for is refused, with its authority it is not") {
  const Certificates made;
  const auto files = made.issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  ScriptedServer server(showing(files));
  server.serve([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const Echo other;
  const std::string input = R"({"id":"tls","url":")" + server.url() + "\"}\n" + other.line("plain");

  const Finished refused = headrace_program({"fetch", "--jsonl"}, input);
  CHECK(refused.status == 1);
  CHECK(code(with_id(objects(refused.output), "tls")) == "tls_failed");
  CHECK(code(with_id(objects(refused.output), "plain")).empty());

  for (const std::vector<std::string>& trust :
       {std::vector<std::string>{"--ca", made.ca_file()}, std::vector<std::string>{"--insecure"}}) {
    std::vector<std::string> arguments = {"fetch", "--jsonl"};
    arguments.insert(arguments.end(), trust.begin(), trust.end());
    const Finished trusted = headrace_program(arguments, input);
    CHECK(trusted.status == 0);
    CHECK(body(with_id(objects(trusted.output), "tls")) == "ok");
  }
}

TEST_CASE("verbose says on standard error what costs answers, twice what happens at all") {
  const Echo there;
  const std::string dead = dead_url();
  const std::string lost = R"({"id":"a","url":")" + dead + "hidden\"}\n";
  const Finished said = headrace_program({"fetch", "--jsonl", "-v"}, lost + there.line("b"));
  CHECK(said.errors.find("headrace: warning: " + dead.substr(0, dead.size() - 1) +
                         " connection ") != std::string::npos);
  CHECK(said.errors.find("(ECONNREFUSED); 1 request fails\n") != std::string::npos);
  CHECK(said.errors.find("hidden") == std::string::npos);
  CHECK(said.errors.find("debug") == std::string::npos);
  const Finished all = headrace_program({"fetch", "--jsonl", "-vv"}, there.line("b"));
  CHECK(all.errors.find("headrace: debug: " + there.server.origin() +
                        " connection 1: open after ") != std::string::npos);
}
