// What a program may follow of its engine (Options::log).

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

TEST_CASE("the log names connections as their answers do, on every loop") {
  ScriptedServer server(showing(certificates().issue({.ips = {"127.0.0.1"}})));
  server.serve([](Peer& peer) {
    peer.read_request();
    peer.send(ok());
    peer.expect_closed();
  });
  std::mutex mutex;
  std::set<std::string> lines;
  Options options{.loops = 2, .connections_max = 2, .pipelining = Pipelining::off};
  options.tls.ca_file = certificates().ca_file();
  options.log = [&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    lines.emplace(line.substr(0, line.find(" after ")));
  };
  Engine engine(options);
  std::vector<Future<Response>> calls;
  for (int i = 0; i < 2; ++i) calls.push_back(engine.get(server.url()));
  for (Future<Response>& call : calls) {
    const Response response = call.get();
    const std::lock_guard lock(mutex);
    CHECK(lines.contains(server.url("") + " connection " + std::to_string(response.connection_id) +
                         ": open"));
  }
}

TEST_CASE("a log that throws costs lines, and nothing else") {
  ScriptedServer server;
  Options options = on_one_connection();
  std::atomic<int> lines = 0;
  options.log = [&](LogLevel, std::string_view) {
    ++lines;
    throw std::runtime_error("the disk is full");
  };
  Engine engine(options);
  Future<Response> call = engine.get(server.url());
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("body"));
  CHECK(body_of(call) == "body");
  CHECK(lines == 2);
}
