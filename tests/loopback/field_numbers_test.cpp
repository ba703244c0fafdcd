// The numbers that other clients show on such servers, and ours: the last paragraph of "What it
// promises" in the design. Judged by what happens and in which order, not by a clock.

#include <algorithm>
#include <future>

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

// What hangs fails.
Options impatient() {
  Options options = on_one_connection();
  options.timeout = patience;
  return options;
}

}  // namespace

TEST_CASE("ten GETs on one connection are all on the wire before any is answered, by default") {
  ScriptedServer server;
  Engine engine({.connections_max = 1});
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 10));
  const std::vector<ReceivedRequest> requests = peer.read_requests(10);
  for (const Future<Response>& call : calls) CHECK_FALSE(call.ready());
  for (const ReceivedRequest& request : requests) peer.send(ok(request.target));
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(body_of(calls[i]) == "/" + std::to_string(i + 1));
  CHECK(server.accept_count() == 1);
}

// The fourth waits elsewhere for half as long again. A client that gives the head the whole
// deadline, then the next one the same, has it fail between the first and the second.
TEST_CASE("S20: three GETs behind a stuck server all fail at their one deadline") {
  ScriptedServer server;
  ScriptedServer elsewhere;
  Engine engine({.connections_max = 1});
  Peer peer = accept_proven(engine, server);
  std::vector<Request> requests = numbered_gets(server, 3);
  for (Request& request : requests) request.timeout = 200ms;
  requests.push_back(get(elsewhere, "/"));
  requests.back().timeout = 300ms;
  Calls calls = engine.submit_all(requests);
  peer.read_requests(3);
  std::vector<std::size_t> order;
  for (auto& [index, result] : as_completed(std::move(calls))) {
    order.push_back(index);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::timed_out);
    if (index < 3) CHECK(result.error().attempts == 1);
  }
  CHECK(order.back() == 3);
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE("S24: of five, aborting the third makes the server see none again") {
  ScriptedServer server;
  Engine engine(impatient());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  peer.read_requests(5);
  calls[2].cancel();
  CHECK(code_of(calls[2]) == ErrorCode::cancelled);
  let_settle(engine);
  CHECK(peer.silent());
  CHECK_FALSE(server.connection_waits());
  for (const char* body : {"1", "2", "3", "4", "5"}) peer.send(ok(body));
  for (const std::size_t i : {0U, 1U, 3U, 4U}) CHECK(body_of(calls[i]) == std::to_string(i + 1));
  let_settle(engine);
  CHECK(peer.silent());
  CHECK_FALSE(server.connection_waits());
}

TEST_CASE("S13: a server that closes after two of five makes none fail") {
  ScriptedServer server;
  Engine engine(impatient());
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  first.read_requests(5);
  first.send(ok("/1") + ok("/2"));
  first.close();
  server.serve([](Peer& peer) {
    while (true) peer.send(ok(peer.read_request().target));
  });
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(body_of(calls[i]) == "/" + std::to_string(i + 1));
  server.stop();
}

TEST_CASE("S14: a POST that meets the close of its connection is seen once") {
  ScriptedServer server;
  Engine engine(impatient());
  Peer first = accept_proven(engine, server);
  Future<Response> call = engine.submit(post(server, "/once"));
  CHECK(first.read_request().target == "/once");
  first.close();
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK_FALSE(error.safe_to_repeat);
  let_settle(engine);
  CHECK_FALSE(server.connection_waits());
}

// Here the close may come before, while or after the POST is written: whichever it is, the server
// reads it at most once, and the caller is told the truth.
TEST_CASE("S14: a POST that crosses the close of its connection is never seen twice") {
  ScriptedServer server;
  Engine engine(impatient());
  for (int i = 0; i < 50; ++i) {
    Peer first = accept_proven(engine, server);
    Future<Response> call = engine.submit(post(server, "/once"));
    const std::size_t before = server.accept_count();
    std::size_t seen = 0;
    first.shut_down_write();
    try {
      first.read_request();
      ++seen;
    } catch (const PeerGone&) {  // the close was first
    }
    first.close();
    let_settle(engine);
    if (server.connection_waits()) {
      Peer second = server.accept();
      second.read_request();
      ++seen;
      second.send(ok("once", "Connection: close\r\n"));
      CHECK(body_of(call) == "once");
    } else {
      CHECK(code_of(call) == ErrorCode::connection_lost);
    }
    CHECK(seen == 1);
    CHECK(server.accept_count() <= before + 1);
  }
}

TEST_CASE("S12: HEAD three times takes one connection") {
  ScriptedServer server;
  Engine engine({.timeout = patience});
  const auto head = [&](Peer& peer) {
    Future<Response> call = engine.submit({.method = "HEAD", .url = server.url("/")});
    if (peer.read_request().method == "HEAD")
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
    return call.get().status;
  };
  Peer peer = accept_proven(engine, server);
  for (int i = 0; i < 3; ++i) CHECK(head(peer) == 200);
  CHECK(server.accept_count() == 1);
  CHECK_FALSE(server.connection_waits());
}

namespace {

// Answers with the target, "/slow" only once it may.
class SlowServer {
 public:
  SlowServer() {
    server_.serve([this](Peer& peer) {
      while (true) {
        const std::string target = peer.read_request().target;
        if (target == "/slow") released_.wait();
        peer.send(ok(target));
      }
    });
  }
  ~SlowServer() {
    if (!let_go_) release();
  }

  Request get(const std::string& target) const { return {.url = server_.url(target)}; }
  void release() {
    let_go_ = true;
    releasing_.set_value();
  }

 private:
  bool let_go_ = false;
  std::promise<void> releasing_;
  std::shared_future<void> released_ = releasing_.get_future().share();
  ScriptedServer server_;  // the first to go: it ends the threads
};

}  // namespace

// The slow one is answered only once all others are: whoever stood behind it must have moved.
TEST_CASE("S28: one slow request among 4 x 8 holds up none of the others") {
  SlowServer server;
  Engine engine({.connections_max = 4, .pipeline_depth = 8, .hang_timeout = 2 * patience});
  std::vector<Request> warming(64, server.get("/warming"));
  for (Future<Response>& call : engine.submit_all(warming)) REQUIRE(body_of(call) == "/warming");

  constexpr std::size_t slow = 5;
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 32; ++i)
    requests.push_back(server.get(i == slow ? "/slow" : "/" + std::to_string(i)));
  Calls calls = engine.submit_all(requests);
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (i != slow) REQUIRE(calls[i].wait_for(patience));
  CHECK_FALSE(calls[slow].ready());
  server.release();
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK(body_of(calls[i]) == (i == slow ? "/slow" : "/" + std::to_string(i)));
  CHECK(engine.stats().origins.at(0).counters.lost == 0);
}

// The engine counts its dials by the clock that their pauses are taken from, so that a machine that
// is slow only makes them fewer.
TEST_CASE("S29: a port that refuses for two seconds is dialled twenty times at most") {
  const std::string refusing = ScriptedServer().url("/");
  Engine engine({.connect_attempts = 1'000, .timeout = 2s});
  Calls calls = engine.submit_all(std::vector<Request>(20, Request{.url = refusing}));
  for (Future<Response>& call : calls) CHECK(code_of(call) == ErrorCode::timed_out);
  const Counters counters = engine.stats().origins.at(0).counters;
  CHECK(counters.dial_failed > 1);
  CHECK(counters.dial_failed <= 20);
}
