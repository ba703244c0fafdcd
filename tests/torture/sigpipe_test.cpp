// A process that SIGPIPE would end stays alive, wherever a connection is reset under it: behind a
// byte of what goes one way, of a few far apart, or of as many as are asked for:
//
//     HEADRACE_TORTURE_STEP=100 test_torture "*SIGPIPE*"
//
// A socket that was told the end first and then is reset raises the signal at the first write, any
// other at the second, where the first had ECONNRESET. One that waits for room writes by libuv, the
// others by the engine.

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <latch>
#include <optional>
#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/torture/relay.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

void let_sigpipe_end_this_process() {
  std::signal(SIGPIPE, SIG_DFL);
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

std::size_t step_behind(std::size_t bytes) { return wanted_step().value_or(1 + 2 * bytes); }

using Calls = std::vector<Future<Response>>;

// Whether all are answered: found out by this thread, which has the loop then, or while only the
// engine's own has it.
bool all_answered(Calls& calls, bool wait) {
  std::atomic<bool> all = true;
  const auto note = [&](const Result<Response>& result) {
    if (!result) all = false;
  };
  if (wait) {
    for (Future<Response>& call : calls) note(call.wait());
    return all;
  }
  std::latch completed(static_cast<std::ptrdiff_t>(calls.size()));
  std::vector<Future<void>> done;
  for (Future<Response>& call : calls)
    done.push_back(call.then([&](const Result<Response>& result) {
      note(result);
      completed.count_down();
    }));
  completed.wait();
  return all;
}

Options options(const std::string& base_url) {
  return {.base_url = base_url,
          .connections_max = 1,
          .timeout = patience / 2,
          .tls = {.ca_file = certificates().ca_file()}};
}

Request put(std::size_t bytes) {
  return {.method = "PUT", .url = "/put", .body = std::string(bytes, 'x')};
}

// Whether both are answered, as what may be sent again has to be: a request of many writes, and one
// behind it.
bool survives(const ScriptedServer& server, bool wait, Relay& relay) {
  std::string url = server.url("");
  url.replace(url.rfind(':') + 1, std::string::npos, std::to_string(relay.port()));
  Engine engine(options(url));
  Calls calls;
  calls.push_back(engine.submit(put(50'000)));
  calls.push_back(engine.get("/get"));
  return all_answered(calls, wait);
}

// The number of resets that lost a request.
int reset_everywhere(const std::optional<ServerTls>& tls, bool wait) {
  ScriptedServer server(tls);
  server.serve([](Peer& peer) {
    for (;;) peer.send(ok(peer.read_request().target));
  });
  int lost = 0;
  for (const Direction direction : {Direction::request, Direction::response}) {
    std::size_t bytes = 0;
    for (bool was_reset = true; was_reset; bytes += step_behind(bytes)) {
      was_reset = false;
      for (const Ending ending : {Ending::reset, Ending::end_and_reset}) {
        Relay relay(server.port(), direction, bytes, ending);
        if (!survives(server, wait, relay)) ++lost;
        was_reset = relay.stop() || was_reset;
      }
    }
  }
  return lost;
}

// The number of requests that were answered though their connection is reset while it has no room
// for more of them.
int reset_when_full(const std::optional<ServerTls>& tls, bool wait) {
  int answered = 0;
  for (const bool end_first : {false, true, false, true}) {
    ScriptedServer server(tls);
    server.serve([end_first](Peer& peer) {
      peer.read_until("\r\n\r\n");
      if (end_first) peer.shut_down_write();
      peer.reset();
    });
    Options once = options(server.url(""));
    once.attempts_max = 1;
    Engine engine(once);
    Calls calls;
    calls.push_back(engine.submit(put(std::size_t{8} << 20U)));
    if (all_answered(calls, wait)) ++answered;
  }
  return answered;
}

// Given to each, in a child that SIGPIPE ends: TLS or not, and who has the loop.
template <class Body>
void check_lives(Body body) {
  const bool tls = GENERATE(false, true);
  const bool wait = GENERATE(false, true);
  CAPTURE(tls, wait);
  const auto files = certificates().issue({.ips = {"127.0.0.1"}});
  std::optional<ServerTls> server_tls;
  if (tls) server_tls = showing(files);
  ForkedChild child([&] {
    let_sigpipe_end_this_process();
    return std::min(body(server_tls, wait), 99);
  });
  CHECK(child.wait() == 0);
}

}  // namespace

TEST_CASE("SIGPIPE ends a process that lets it") {
  ForkedChild child([] {
    let_sigpipe_end_this_process();
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    ::close(ends[0]);
    return ::write(ends[1], "x", 1) == 1 ? 2 : 3;
  });
  CHECK(child.wait() == 128 + SIGPIPE);
}

TEST_CASE("S13: wherever a connection is reset, no SIGPIPE ends the process, and nothing is lost") {
  check_lives(reset_everywhere);
}

TEST_CASE("A connection that is reset when it has no room raises no SIGPIPE either") {
  check_lives(reset_when_full);
}
