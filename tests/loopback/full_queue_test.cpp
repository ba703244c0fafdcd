// S27: a queue of a few requests, and threads that submit hundreds, ten at a time: each alone has
// more than the connection and the queue can hold.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/loopback/scene.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr int threads_count = 4;
constexpr int each = 200;
constexpr int at_once = 10;

struct Outcomes {
  std::atomic<int> answered = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> other = 0;

  void note(const Result<Response>& result, const std::string& target) {
    if (result && result->body == target)
      ++answered;
    else if (!result && result.error().code == ErrorCode::queue_full)
      ++refused;
    else
      ++other;
  }
};

// In batches and one by one in turn.
void submit_hundreds(Engine& engine, const ScriptedServer& server, int number, Outcomes& outcomes) {
  for (int i = 0; i < each; i += at_once) {
    std::vector<std::string> asked;
    std::vector<Request> requests;
    for (int k = 0; k < at_once; ++k) {
      asked.push_back("/" + std::to_string(number) + "/" + std::to_string(i + k));
      requests.push_back(get(server, asked.back()));
    }
    Calls calls;
    if (i % (2 * at_once) == 0)
      calls = engine.submit_all(requests);
    else
      for (const Request& request : requests) calls.push_back(engine.submit(request));
    for (std::size_t k = 0; k < calls.size(); ++k) outcomes.note(calls[k].wait(), asked[k]);
  }
}

}  // namespace

TEST_CASE("S27: hundreds that meet a full queue are answered or refused, and none is lost") {
  std::atomic<int> seen = 0;
  ScriptedServer server;
  server.serve([&](Peer& peer) {
    for (;;) {
      const ReceivedRequest request = peer.read_request();
      ++seen;
      peer.send(ok(request.target));
    }
  });
  Options options = on_one_connection(2);
  options.pipelining = Pipelining::fixed;
  options.queue_requests_max = 5;
  Engine engine(options);
  Outcomes outcomes;
  std::vector<std::thread> threads;
  for (int number = 0; number < threads_count; ++number)
    threads.emplace_back([&, number] { submit_hundreds(engine, server, number, outcomes); });
  for (std::thread& thread : threads) thread.join();

  CHECK(outcomes.other == 0);
  CHECK(outcomes.answered > 0);
  CHECK(outcomes.refused > 0);
  CHECK(outcomes.answered + outcomes.refused == threads_count * each);
  CHECK(seen == outcomes.answered);  // what was refused was not sent
  const OriginStats stats = engine.stats().origins.at(0);
  CHECK(stats.queued == 0);
  CHECK(stats.in_flight == 0);
  Future<Response> after = engine.submit(get(server, "/after"));
  CHECK(body_of(after) == "/after");
}
