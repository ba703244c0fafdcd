// Who may share a pipeline, and whose answer is whose.

#include <chrono>

#include "tests/loopback/scene.hpp"
#include "tests/support/parked.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// The loop counts a poll of a moment ago for one of now.
void outlast_the_poll() {
  const auto begun = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() < begun + std::chrono::milliseconds(1)) continue;
}

void does_while_idle(Peer& peer, bool says) {
  if (says)
    peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  else
    peer.close();
  outlast_the_poll();
}

}  // namespace

TEST_CASE("S2: five pipelined requests get their own answers, whatever 1xx come between") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 5));
  for (const ReceivedRequest& request : peer.read_requests(5)) {
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n");
    peer.send(ok("answer to " + request.target));
    peer.send(request.target == "/5" ? "" : "HTTP/1.1 102 Processing\r\n\r\n");
  }
  for (int i = 1; i <= 5; ++i)
    CHECK(body_of(calls[static_cast<std::size_t>(i - 1)]) == "answer to /" + std::to_string(i));
  CHECK(server.accept_count() == 1);
}

TEST_CASE(
    "S3: bytes on a connection with nothing outstanding close it, and the next request is right") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  peer.send(ok("an answer that nobody asked for"));
  peer.expect_closed();

  Future<Response> next = engine.submit(get(server, "/next"));
  check_asked_anew(server, "/next", next);
}

TEST_CASE("S3: what a server did while nobody ran the loop is seen before a request is written") {
  const bool says = GENERATE(true, false);
  CAPTURE(says);
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<Response> first = engine.submit(get(server, "/first"));
  Peer peer = server.accept();
  peer.read_request();
  Future<Response> next;
  Future<void> meanwhile = first.then([&](Result<Response>) {
    does_while_idle(peer, says);
    next = engine.submit(post(server, "/next"));
  });
  peer.send(ok());
  meanwhile.get();
  Peer second = server.accept();
  CHECK(second.read_request().target == "/next");
  second.send(ok("its own"));
  CHECK(body_of(next) == "its own");
}

TEST_CASE("S3: what a server did since a thread gave the loop back is seen by its next wait") {
  const bool says = GENERATE(true, false);
  CAPTURE(says);
  ScriptedServer quick;
  quick.serve([](Peer& peer) {
    for (;;) {
      peer.read_request();
      peer.send(ok());
    }
  });
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<Response> first = engine.submit(get(server, "/first"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("first"));
  CHECK(body_of(first) == "first");
  run_and_park(engine, quick.url());
  does_while_idle(peer, says);
  Future<Response> next = engine.submit(post(server, "/next"));
  next.wait_for(std::chrono::milliseconds(1));
  Peer second = server.accept();
  CHECK(second.read_request().target == "/next");
  second.send(ok("its own"));
  CHECK(body_of(next) == "its own");
}

TEST_CASE("Callbacks of answers that are there come before any writing, which is one for all") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 2));
  peer.read_requests(2);
  Future<Response> third;
  Future<Response> fourth;
  bool nothing_written = false;
  Future<void> first = calls[0].then([&](Result<Response>) {
    peer.send(ok("to /2"));
    peer.socket().let_arrive();
    outlast_the_poll();
    third = engine.submit(get(server, "/3"));
  });
  Future<void> second = calls[1].then([&](Result<Response>) {
    nothing_written = peer.silent();
    fourth = engine.submit(get(server, "/4"));
  });
  peer.send(ok("to /1"));
  first.get();
  second.get();
  CHECK(nothing_written);
  CHECK(targets(peer.read_together()) == Targets{"/3", "/4"});
  peer.send(ok("to /3") + ok("to /4"));
  CHECK(body_of(third) == "to /3");
  CHECK(body_of(fourth) == "to /4");
}

TEST_CASE("S3: an extra answer behind a right one reaches nobody") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Future<Response> first = engine.submit(get(server, "/first"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("right") + ok("extra"));
  CHECK(body_of(first) == "right");
  Future<Response> next = engine.submit(get(server, "/next"));
  peer.expect_closed();
  Peer second = server.accept();
  second.read_request();
  second.send(ok("also right"));
  CHECK(body_of(next) == "also right");
}

TEST_CASE("S3: bare CRLFs between answers are dropped") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  peer.send("\r\n\r\n");
  let_settle(engine);
  Future<Response> next = engine.submit(get(server, "/next"));
  peer.read_request();
  peer.send(ok("right"));
  CHECK(body_of(next) == "right");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S6: a POST does not join a pipeline") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> reading = engine.submit(get(server, "/get"));
  CHECK(peer.read_request().target == "/get");
  Future<Response> writing = engine.submit(post(server, "/post"));
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok("got"));
  CHECK(body_of(reading) == "got");
  CHECK(peer.read_request().target == "/post");
  peer.send(ok("posted"));
  CHECK(body_of(writing) == "posted");
  CHECK(server.accept_count() == 1);
}

TEST_CASE("S7: nothing is written after a POST until it is answered") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all({post(server, "/post"), get(server, "/1"), get(server, "/2")});
  CHECK(peer.read_request().target == "/post");
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok("posted"));
  CHECK(targets(peer.read_together()) == Targets{"/1", "/2"});
  peer.send(ok("one") + ok("two"));
  CHECK(body_of(calls[0]) == "posted");
  CHECK(body_of(calls[1]) == "one");
  CHECK(body_of(calls[2]) == "two");
}

TEST_CASE("S6: a POST that may be repeated shares a pipeline, a GET that may not does not") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Request marked = post(server, "/read-only");
  marked.repeat = Repeat::allowed;
  Request forbidden = get(server, "/once");
  forbidden.repeat = Repeat::forbidden;
  Calls calls = engine.submit_all({get(server, "/get"), marked, forbidden});
  CHECK(targets(peer.read_together()) == Targets{"/get", "/read-only"});
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok() + ok());
  CHECK(peer.read_request().target == "/once");
  peer.send(ok("once"));
  CHECK(body_of(calls[2]) == "once");
}

TEST_CASE("S6: PUT and DELETE share a pipeline only when the option says so") {
  ScriptedServer server;
  Options options = on_one_connection();
  options.pipeline_put_delete = GENERATE(false, true);
  Engine engine(options);
  Peer peer = accept_proven(engine, server);
  Request put{.method = "PUT", .url = server.url("/put"), .body = "text"};
  Request erase{.method = "DELETE", .url = server.url("/delete")};
  Calls calls = engine.submit_all({put, erase});
  const std::size_t together = peer.read_together().size();
  let_settle(engine);
  CHECK(peer.silent());
  CHECK(together == (options.pipeline_put_delete ? 2U : 1U));
  peer.send(ok("put"));
  if (together == 1) peer.read_request();
  peer.send(ok("deleted"));
  CHECK(body_of(calls[0]) == "put");
  CHECK(body_of(calls[1]) == "deleted");
}

TEST_CASE("S8: a bulk request travels alone") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Request bulk = get(server, "/bulk");
  bulk.bulk = true;
  Calls calls = engine.submit_all({bulk, get(server, "/small")});
  CHECK(targets(peer.read_together()) == Targets{"/bulk"});
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok("bulk"));
  CHECK(peer.read_request().target == "/small");
  peer.send(ok("small"));
  CHECK(body_of(calls[0]) == "bulk");
  CHECK(body_of(calls[1]) == "small");
}

TEST_CASE("S9: a new connection carries one request until it answered, then five in one write") {
  ScriptedServer server;
  Engine engine(on_one_connection(5));
  Calls calls = engine.submit_all(numbered_gets(server, 7));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/1");
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok("1"));
  CHECK(targets(peer.read_together()) == Targets{"/2", "/3", "/4", "/5", "/6"});
  let_settle(engine);
  CHECK(peer.silent());
  for (const char* body : {"2", "3", "4", "5"}) peer.send(ok(body));
  let_settle(engine);
  CHECK(peer.silent());  // the first batch is answered whole before anything follows it
  peer.send(ok("6"));
  CHECK(targets(peer.read_together()) == Targets{"/7"});
  peer.send(ok("7"));
  for (std::size_t i = 0; i < calls.size(); ++i) CHECK(body_of(calls[i]) == std::to_string(i + 1));
}

TEST_CASE("S9: an answer that is not HTTP/1.1, self-framed and persistent proves nothing") {
  ScriptedServer server;
  Engine engine(on_one_connection(5));
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  Peer peer = server.accept();
  CHECK(peer.read_request().target == "/1");
  peer.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1");
  CHECK(body_of(calls[0]) == "1");
  CHECK(targets(peer.read_together()) == Targets{"/2"});
  let_settle(engine);
  CHECK(peer.silent());
  peer.send(ok("2"));
  CHECK(peer.read_request().target == "/3");
  peer.send(ok("3"));
  CHECK(body_of(calls[2]) == "3");
}

TEST_CASE("S9: a proven origin lets its next connection skip the proof") {
  ScriptedServer server;
  Engine engine(on_one_connection(5));
  Peer first = accept_proven(engine, server);
  first.close();
  let_settle(engine);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  Peer second = server.accept();
  CHECK(targets(second.read_together()) == Targets{"/1", "/2", "/3"});
  second.send(ok("1") + ok("2") + ok("3"));
  CHECK(body_of(calls[2]) == "3");
}

TEST_CASE("S10: after an unannounced loss the next connection runs at depth 1 first") {
  ScriptedServer server;
  Engine engine(on_one_connection(5));
  Peer first = accept_proven(engine, server);
  Calls calls = engine.submit_all(numbered_gets(server, 3));
  CHECK(first.read_requests(3).size() == 3);
  first.reset();
  Peer second = server.accept();
  CHECK(targets(second.read_together()) == Targets{"/1"});
  let_settle(engine);
  CHECK(second.silent());
  second.send(ok("1"));
  CHECK(targets(second.read_together()) == Targets{"/2", "/3"});
  second.send(ok("2") + ok("3"));
  for (std::size_t i = 0; i < calls.size(); ++i) CHECK(body_of(calls[i]) == std::to_string(i + 1));
}

TEST_CASE(
    "S12: HEAD, 204 and 304 keep the connection and have no body, whatever their headers say") {
  ScriptedServer server;
  Engine engine(on_one_connection(5));
  Peer peer = accept_proven(engine, server);
  Calls calls = engine.submit_all({{.method = "HEAD", .url = server.url("/head")},
                                   {.method = "HEAD", .url = server.url("/chunked-head")},
                                   get(server, "/no-content"),
                                   get(server, "/not-modified"),
                                   get(server, "/last")});
  peer.read_requests(5);
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  peer.send("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n");
  peer.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
  peer.send(ok("last"));
  for (std::size_t i = 0; i < 4; ++i) CHECK(body_of(calls[i]).empty());
  CHECK(body_of(calls[4]) == "last");
  CHECK(server.accept_count() == 1);
}
