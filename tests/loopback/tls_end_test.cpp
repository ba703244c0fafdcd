// S38: how a TLS stream ends decides whether a body that only its end delimits is whole.

#include <functional>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::string_view_literals;

namespace {

struct Ending {
  const char* what;
  std::function<void(Peer&)> make;
  bool closed_properly = false;
};

// What follows the last byte of the answer.
const Ending endings[] = {
    {"close_notify", [](Peer& peer) { peer.close(); }, true},
    {"a FIN between two records", [](Peer& peer) { peer.cut(); }},
    {"a FIN within a record",
     [](Peer& peer) {
       peer.socket().send("\x17\x03\x03\x00\x20half of"sv);
       peer.cut();
     }},
    {"a forged record",
     [](Peer& peer) {
       peer.socket().send("\x17\x03\x03\x00\x20that nobody has encrypted at all"sv);
       peer.expect_closed();
     }},
    {"an alert that was not encrypted",
     [](Peer& peer) {
       peer.socket().send("\x15\x03\x03\x00\x02\x01\x00"sv);
       peer.cut();
     }},
    {"a reset", [](Peer& peer) { peer.reset(); }},
};

struct Answer {
  const char* what;
  std::string bytes;
  bool delimited_by_the_end = false;
  bool whole = true;  // as far as its own framing says
};

const Answer answers[] = {
    {"no framing", "HTTP/1.1 200 OK\r\n\r\nbody", true},
    {"no framing, HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nbody", true},
    {"a length", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"},
    {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"},
    {"a length that is not reached", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody", false,
     false},
    {"chunks without the last one",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", false, false},
    {"a head that is not whole", "HTTP/1.1 200 OK\r\nX: y\r\n", false, false},
};

}  // namespace

TEST_CASE("S38: an end without close_notify is a loss, but for answers that frame themselves") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto files = certificates().issue({.ips = {"127.0.0.1"}});
  ScriptedServer server(ServerTls{
      .chain_file = files.chain_file, .key_file = files.key_file, .version_max = version});
  Options options = on_one_connection();
  options.attempts_max = 1;
  options.tls.ca_file = certificates().ca_file();
  for (const Ending& ending : endings) {
    for (const Answer& answer : answers) {
      INFO("version " << version << ", " << answer.what << ", then " << ending.what);
      Engine engine(options);
      Future<Response> call = engine.submit(get(server, "/"));
      Peer peer = server.accept();
      peer.read_request();
      peer.send(answer.bytes);
      ending.make(peer);
      const bool complete = answer.delimited_by_the_end ? ending.closed_properly : answer.whole;
      if (complete)
        CHECK(body_of(call) == "body");
      else
        CHECK(code_of(call) == ErrorCode::connection_lost);
    }
  }
}
