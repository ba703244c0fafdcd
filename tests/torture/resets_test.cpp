// A connection is reset behind every byte of what goes one way on it. Over TLS, where that begins
// with the handshake, it is every 11th, or as many as are asked for:
//
//     HEADRACE_TORTURE_STEP=1 test_torture "S13, S14*"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "headrace/headrace.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/torture/relay.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// Answers with the target, and counts how often it saw each POST whole.
class CountingServer {
 public:
  explicit CountingServer(const std::optional<ServerTls>& tls) : server_(tls) {
    server_.serve([this](Peer& peer) {
      for (;;) {
        const ReceivedRequest request = peer.read_request();
        if (request.method == "POST") note(request.target);
        peer.send(ok(request.target));
      }
    });
  }

  std::uint16_t port() const { return server_.port(); }

  // Of any, once the server has ended and no request is under way.
  unsigned most_posts() {
    server_.stop();
    unsigned most = 0;
    for (const auto& [target, count] : posts_) most = std::max(most, count);
    return most;
  }

 private:
  void note(const std::string& target) {
    const std::lock_guard lock(mutex_);
    ++posts_[target];
  }

  std::mutex mutex_;
  std::map<std::string, unsigned> posts_;
  ScriptedServer server_;
};

struct Scene {
  std::optional<Certificates> certificates;
  std::optional<CountingServer> server;

  explicit Scene(bool tls) {
    std::optional<ServerTls> server_tls;
    if (tls) {
      const auto files = certificates.emplace().issue({.ips = {"127.0.0.1"}});
      server_tls = showing(files);
    }
    server.emplace(server_tls);
  }

  Engine engine() const {
    Options options{.connections_max = 1, .timeout = patience};
    if (certificates) options.tls.ca_file = certificates->ca_file();
    return Engine(options);
  }
  std::string url(const Relay& relay, const std::string& target) const {
    return (certificates ? "https" : "http") + std::string("://127.0.0.1:") +
           std::to_string(relay.port()) + target;
  }
};

void check_get(Scene& scene, const Relay& relay, const std::string& target) {
  Engine engine = scene.engine();
  Future<Response> get = engine.get(scene.url(relay, target));
  const Result<Response> got = get.wait();
  REQUIRE(got);
  CHECK(got->body == target);
}

void check_post(Scene& scene, const Relay& relay, const std::string& target) {
  Engine engine = scene.engine();
  Future<Response> post =
      engine.submit({.method = "POST", .url = scene.url(relay, target), .body = "once"});
  const Result<Response> posted = post.wait();
  if (posted)
    CHECK(posted->body == target);
  else
    CHECK(posted.error().code == ErrorCode::connection_lost);
}

std::size_t step_over(bool tls) { return wanted_step().value_or(tls ? 11 : 1); }

}  // namespace

TEST_CASE("S13, S14: a connection reset behind any byte loses no GET and repeats no POST") {
  const bool tls = GENERATE(false, true);
  const Direction direction = GENERATE(Direction::request, Direction::response);
  const bool post = GENERATE(false, true);
  Scene scene(tls);
  CAPTURE(tls, direction == Direction::request, post);
  std::size_t bytes = 0;
  for (bool was_reset = true; was_reset; bytes += step_over(tls)) {
    CAPTURE(bytes);
    Relay relay(scene.server->port(), direction, bytes);
    const std::string target = "/" + std::to_string(bytes);
    post ? check_post(scene, relay, target) : check_get(scene, relay, target);
    was_reset = relay.stop();
    REQUIRE(bytes < 20'000);
  }
  CHECK(bytes > 40);  // neither request nor response is shorter
  CHECK(scene.server->most_posts() == (post ? 1 : 0));
}
