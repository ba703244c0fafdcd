// A server that gives an answer byte by byte, and never all of it. The next byte leaves when the
// one before is with the kernel, so that something always comes: only the request's own deadline
// ends it.

#include <algorithm>
#include <atomic>
#include <list>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

struct Drip {
  const char* name = "";
  std::string begin;  // sent at once
  std::string again;  // sent byte by byte, for ever
  Phase phase;        // where its request is then
};

const std::vector<Drip> drips{
    {"a status line", "", "HTTP/1.1 200 OK and so on and so on and so on ", Phase::headers},
    {"fields", "HTTP/1.1 200 OK\r\n", "Field: value\r\n", Phase::headers},
    {"a body", "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", "byte", Phase::body},
    {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nab\r\n", Phase::body},
    {"trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "Field: value\r\n",
     Phase::body},
    {"a body until the close", "HTTP/1.1 200 OK\r\n\r\n", "byte", Phase::body}};

// Drips when it is asked for "/drip", and else answers with the target.
class DrippingServer {
 public:
  DrippingServer(const Drip& drip, const std::optional<ServerTls>& tls)
      : drip_(drip), server_(tls) {
    server_.serve([this](Peer& peer) {
      for (;;) {
        const std::string target = peer.read_request().target;
        target == "/drip" ? give(peer) : peer.send(ok(target));
      }
    });
  }
  ~DrippingServer() {
    over_ = true;
    next_byte();
  }

  const Drip& what() const { return drip_; }
  const ScriptedServer& server() const { return server_; }
  void next_byte() { bytes_.release(); }

 private:
  void give(Peer& peer) {
    peer.send(drip_.begin);
    for (std::size_t i = 0; !over_; ++i) {
      bytes_.acquire();
      peer.send(drip_.again.substr(i % drip_.again.size(), 1));
    }
  }

  const Drip& drip_;
  std::counting_semaphore<> bytes_{0};
  std::atomic<bool> over_ = false;
  ScriptedServer server_;
};

// One connection; limits that a drip does not come to before its deadline.
Options patient() {
  Options options = on_one_connection();
  options.head_bytes_max = std::size_t{1} << 30U;
  options.head_fields_max = 100'000'000;
  options.tls.ca_file = certificates().ca_file();
  return options;
}

std::optional<ServerTls> tls_or_not(bool tls) {
  if (!tls) return {};
  static const auto files = certificates().issue({.ips = {"127.0.0.1"}});
  return showing(files);
}

}  // namespace

TEST_CASE("S19: an answer that drips is ended by its request's deadline, and loses nobody else's") {
  const bool tls = GENERATE(false, true);
  ScriptedServer metronome;
  metronome.serve([](Peer& peer) {
    for (;;) peer.send(ok(peer.read_request().target));
  });
  std::list<DrippingServer> servers;  // one for each drip, all at once
  Engine engine(patient());
  for (const Drip& drip : drips) {
    const ScriptedServer& server = servers.emplace_back(drip, tls_or_not(tls)).server();
    Future<Response> proof = engine.submit(get(server, "/proof"));
    REQUIRE(body_of(proof) == "/proof");
  }
  std::vector<Calls> calls;
  for (const DrippingServer& dripping : servers) {
    std::vector<Request> requests = numbered_gets(dripping.server(), 3);
    requests[0].url = dripping.server().url("/drip");
    requests[0].timeout = 500ms;  // time to begin in, on a busy machine
    calls.push_back(engine.submit_all(requests));
  }
  const auto all_ready = [&] {
    return std::ranges::all_of(calls, [](Calls& asked) {
      return std::ranges::all_of(asked, [](Future<Response>& call) { return call.ready(); });
    });
  };
  for (int beats = 0; !all_ready(); ++beats) {
    REQUIRE(beats < 300'000);
    Future<Response> beat = engine.submit(get(metronome, "/beat"));
    REQUIRE(body_of(beat) == "/beat");
    for (DrippingServer& dripping : servers) dripping.next_byte();
  }
  auto asked = calls.begin();
  for (const DrippingServer& dripping : servers) {
    const Error error = error_of(asked->at(0));
    CAPTURE(tls, dripping.what().name, to_string(error));
    CHECK(error.code == ErrorCode::timed_out);
    CHECK(error.progress == Progress::responding);
    CHECK(error.phase == dripping.what().phase);
    CHECK(error.attempts == 1);
    CHECK(body_of(asked->at(1)) == "/2");
    CHECK(body_of(asked->at(2)) == "/3");
    CHECK(dripping.server().accept_count() == 2);  // theirs came on another connection
    ++asked;
  }
}
