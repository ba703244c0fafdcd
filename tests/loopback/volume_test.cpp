// Much of everything: many requests, large bodies both ways.

#include <set>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr std::size_t eight_mebibytes = std::size_t{8} << 20U;

// Bytes of which no two neighbouring blocks are alike, so that a lost or doubled one shows.
const std::string& large_body() {
  static const std::string body = [] {
    std::string text;
    for (std::size_t i = 0; text.size() < eight_mebibytes; ++i) text += std::to_string(i) + ";";
    text.resize(eight_mebibytes);
    return text;
  }();
  return body;
}

// Plain or TLS, with the engine's options to match.
struct Place {
  Certificates certificates;
  ScriptedServer server;
  Options options;

  explicit Place(bool encrypted) : server(encrypted ? std::optional(tls()) : std::nullopt) {
    options.tls.ca_file = certificates.ca_file();
  }

  ServerTls tls() const {
    const auto files = certificates.issue({.ips = {"127.0.0.1"}});
    return showing(files);
  }
};

// Answers each request with its target, all that came together in one write.
void echo_targets(Peer& peer) {
  while (true) {
    std::string answers = ok(peer.read_request().target);
    while (const auto more = peer.take_buffered()) answers += ok(more->target);
    peer.send(answers);
  }
}

}  // namespace

TEST_CASE("10,000 GETs over 5 x 5 are all answered right, on five connections") {
  Place place(GENERATE(false, true));
  place.server.serve(echo_targets);
  place.options.connections_max = 5;
  place.options.pipeline_depth = 5;
  Engine engine(place.options);
  std::vector<Future<Response>> calls = engine.submit_all(numbered_gets(place.server, 10'000));
  std::size_t right = 0;
  std::set<std::uint64_t> connections;
  for (auto& [index, result] : as_completed(std::move(calls))) {
    if (!result) FAIL(to_string(result.error()));
    if (result->body == "/" + std::to_string(index + 1)) ++right;
    connections.insert(result->connection_id);
  }
  CHECK(right == 10'000);
  CHECK(connections.size() == 5);
  CHECK(place.server.accept_count() == 5);
  place.server.stop();
}

TEST_CASE("Bodies of 8 MiB arrive whole, self-framed, chunked and delimited by the close") {
  Place place(GENERATE(false, true));
  const std::string& body = large_body();
  Engine engine(place.options);
  const auto fetch = [&](std::string_view head, std::string_view sent) {
    Future<Response> call = engine.submit(get(place.server, "/large"));
    Peer peer = place.server.accept();
    peer.read_request();
    peer.send(head);
    peer.send(sent);
    peer.close();
    return body_of(call);
  };
  CHECK((fetch("HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n", body) == body));
  CHECK((fetch("HTTP/1.1 200 OK\r\n\r\n", body) == body));
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 0x4000)
    chunks += "4000\r\n" + body.substr(at, 0x4000) + "\r\n";
  CHECK((fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks + "0\r\n\r\n") ==
         body));
}

TEST_CASE("Ten answers of a mebibyte in a pipeline keep their order and their bytes") {
  Place place(GENERATE(false, true));
  place.options.connections_max = 1;
  Engine engine(place.options);
  Peer peer = accept_proven(engine, place.server);
  Calls calls = engine.submit_all(numbered_gets(place.server, 10));
  const std::string body = large_body().substr(0, std::size_t{1} << 20U);
  for (const ReceivedRequest& request : peer.read_requests(10))
    peer.send(ok(request.target + body));
  for (std::size_t i = 0; i < calls.size(); ++i)
    CHECK((body_of(calls[i]) == "/" + std::to_string(i + 1) + body));
}

TEST_CASE("A POST of 8 MiB arrives whole") {
  Place place(GENERATE(false, true));
  const std::string& body = large_body();
  Engine engine(place.options);
  Future<Response> call = engine.submit(post(place.server, "/large", body));
  Peer peer = place.server.accept();
  const ReceivedRequest request = peer.read_request();
  CHECK((request.body == body));
  CHECK(request.field("Content-Length") == "8388608");
  peer.send(ok("read"));
  CHECK(body_of(call) == "read");
}

TEST_CASE("A streamed body comes whole, however late its reader is") {
  Place place(GENERATE(false, true));
  place.server.serve([](Peer& peer) {
    peer.read_request();
    peer.send(ok(large_body()));
    peer.read_request();
    peer.send(ok("next"));
  });
  place.options.connections_max = 1;
  Engine engine(place.options);
  ResponseStream stream = engine.stream(get(place.server, "/large")).get();
  // Another request goes there and back: by then much has come that nobody has read.
  let_settle(engine);
  std::string body;
  for (std::string piece; !(piece = stream.read().get()).empty();) {
    CHECK(piece.size() <= std::size_t{768} << 10U);
    body += piece;
  }
  CHECK((body == large_body()));
  CHECK(engine.get(place.server.url("/next")).get().body == "next");
}

TEST_CASE("A body with a source arrives whole, however slowly the server takes it") {
  Place place(GENERATE(false, true));
  Engine engine(place.options);
  Request request = post(place.server, "/large", "");
  request.body_source.emplace().next = [at = std::size_t{0}]() mutable {
    const std::string piece = large_body().substr(std::min(at, large_body().size()), 100'000);
    at += piece.size();
    return Future<std::string>(piece);
  };
  if (GENERATE(false, true)) request.body_source->length = large_body().size();
  Future<Response> call = engine.submit(request);
  Peer peer = place.server.accept();
  let_settle(engine);
  CHECK((peer.read_request().body == large_body()));
  peer.send(ok("read"));
  CHECK(body_of(call) == "read");
}
