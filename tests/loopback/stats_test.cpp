#include "headrace/stats.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/loopback/scene.hpp"

namespace headrace::test {
namespace {

// The one origin that the engine knows.
OriginStats only_origin(const Engine& engine) {
  Stats stats = engine.stats();
  if (stats.origins.size() != 1) FAIL("there are " << stats.origins.size() << " origins");
  return std::move(stats.origins.front());
}

TEST_CASE("S46: a snapshot shows what the asking thread has done and how far it has come") {
  ScriptedServer server;
  Engine engine(on_one_connection(2));
  CHECK(engine.stats().origins.empty());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  CHECK(peer.read_requests(2).size() == 2);
  OriginStats origin = only_origin(engine);
  CHECK(origin.origin == "http://127.0.0.1:" + std::to_string(server.port()));
  CHECK(origin.in_flight == 2);
  CHECK(origin.queued == 1);
  CHECK(origin.connections == 1);
  CHECK(origin.counters.submitted == 4);
  CHECK(origin.counters.answered == 1);

  calls[2].cancel();
  origin = only_origin(engine);
  CHECK(origin.queued == 0);
  CHECK(origin.counters.cancelled == 1);
  peer.send(ok() + ok());
  calls[1].get();
  origin = only_origin(engine);
  CHECK(origin.in_flight == 0);
  CHECK(origin.counters.answered == 3);
  CHECK(origin.total.count == 3);
}

TEST_CASE("S46: a snapshot in a callback counts the answer that the callback is given") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<OriginStats> seen =
      engine.submit(get(server, "/a")).then([&](Result<Response>) { return only_origin(engine); });
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok());
  CHECK(seen.get().counters.answered == 1);
}

TEST_CASE("a check that throws is a no: the answer is asked for again on another connection") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Request request = get(server, "/mine");
  request.verify = [](const Response& response) {
    if (response.body != "/mine") throw std::runtime_error("not mine");
    return true;
  };
  Future<Response> call = engine.submit(request);
  Peer first = server.accept();
  first.read_request();
  first.send(ok("another's"));
  check_asked_anew(server, "/mine", call);
  CHECK(only_origin(engine).counters.resent_refused == 1);
}

TEST_CASE("S21: the limit of a TLS handshake begins when TCP is connected") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.connect_timeout = patience;
  options.tls_timeout = std::chrono::milliseconds(20);
  options.connect_attempts = 1;
  options.tls.insecure = Insecure::anything;
  Engine engine(options);
  Future<Response> call =
      engine.get("https://127.0.0.1:" + std::to_string(server.port()) + "/silent");
  Peer peer = server.accept();  // and not a byte of a handshake
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connect_timeout);
  CHECK(error.phase == Phase::tls);
}

}  // namespace
}  // namespace headrace::test
