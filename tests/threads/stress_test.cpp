// Sixteen threads do to one engine whatever threads may do, while it lives and while it goes. Under
// the thread sanitizer; counted, not timed:
//
//     test_threads                              # as ctest runs it
//     HEADRACE_STRESS_ROUNDS=5000 test_threads  # minutes

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/api/server.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using headrace::test::echo_targets;
using headrace::test::Peer;
using headrace::test::ScriptedServer;

namespace {

constexpr int threads_count = 16;
constexpr int steps_count = 40;

int rounds() {
  const char* const wanted = std::getenv("HEADRACE_STRESS_ROUNDS");
  return wanted == nullptr ? 12 : std::atoi(wanted);
}

// What came of all calls of all threads.
struct Tally {
  std::atomic<unsigned> submitted = 0;
  std::atomic<unsigned> seen = 0;     // outcomes that somebody looked at
  std::atomic<unsigned> dropped = 0;  // futures that were let go
  std::atomic<unsigned> wrong = 0;
};

struct Call {
  std::string target;
  Future<Response> future;
};

class Worker {
 public:
  Worker(Engine& engine, unsigned seed, Tally& tally)
      : engine_(engine), random_(seed), tally_(tally) {}

  void work() {
    for (int step = 0; step < steps_count; ++step) this->step();
  }

  // What is left, while the engine goes.
  void end() {
    while (!calls_.empty()) random_() % 4 == 0 ? drop() : wait();
  }

 private:
  void step() {
    switch (random_() % 10) {
      case 0:
      case 1:
      case 2:
        return submit(1);
      case 3:
        return submit(5);
      case 4:
        return cancel();
      case 5:
        return drop();
      case 6:
        return call_back();
      case 7:
        if (!calls_.empty()) calls_.front().future.wait_for(std::chrono::milliseconds(0));
        return;
      case 8:
        return join();
      default:
        return wait();
    }
  }

  Request request() {
    Request request{.url = "/" + std::to_string(random_() % 1000)};
    if (random_() % 8 == 0) request.timeout = std::chrono::milliseconds(1);
    if (random_() % 8 == 0) request.method = "POST";
    return request;
  }

  void submit(std::size_t count) {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < count; ++i) requests.push_back(request());
    auto futures = engine_.submit_all(requests);
    for (std::size_t i = 0; i < count; ++i)
      calls_.push_back({requests[i].url, std::move(futures[i])});
    tally_.submitted += static_cast<unsigned>(count);
  }

  void check(const std::string& target, const Result<Response>& result) {
    ++tally_.seen;
    const bool right = result ? result->body == target
                              : result.error().code == ErrorCode::cancelled ||
                                    result.error().code == ErrorCode::timed_out ||
                                    result.error().code == ErrorCode::closed;
    if (!right) ++tally_.wrong;
  }

  std::optional<Call> take() {
    if (calls_.empty()) return std::nullopt;
    std::swap(calls_[random_() % calls_.size()], calls_.front());
    Call call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

  void wait() {
    if (auto call = take()) check(call->target, call->future.wait());
  }

  void cancel() {
    if (calls_.empty()) return;
    calls_[random_() % calls_.size()].future.cancel();
  }

  void drop() {
    if (take()) ++tally_.dropped;
  }

  // Its callback runs on whatever thread has the loop.
  void call_back() {
    auto call = take();
    if (!call) return;
    Future<int> after = call->future.then([this, target = call->target](Result<Response> result) {
      check(target, result);
      return 1;
    });
    if (after.wait().value_or(0) != 1) ++tally_.wrong;
  }

  void join() {
    std::vector<Future<Response>> futures;
    std::vector<std::string> targets;
    for (int i = 0; i < 4; ++i)
      if (auto call = take()) {
        targets.push_back(std::move(call->target));
        futures.push_back(std::move(call->future));
      }
    for (auto& [index, result] : as_completed(std::move(futures))) check(targets[index], result);
  }

  Engine& engine_;
  std::minstd_rand random_;
  Tally& tally_;
  std::deque<Call> calls_;
};

void play(const ScriptedServer& server, unsigned round, Tally& tally) {
  std::optional<Engine> engine(Engine({.base_url = server.url(), .loops = 1 + round % 2}));
  std::barrier<> everybody_submitted(threads_count + 1);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < threads_count; ++i)
    threads.emplace_back([&, i] {
      Worker worker(*engine, round * threads_count + i + 1, tally);
      worker.work();
      everybody_submitted.arrive_and_wait();
      worker.end();
    });
  everybody_submitted.arrive_and_wait();
  engine.reset();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("S1, S41: sixteen threads submit, wait, join, cancel, drop and see the engine go") {
  ScriptedServer server;
  server.serve(echo_targets);
  Tally tally;
  for (int round = 0; round < rounds(); ++round) play(server, static_cast<unsigned>(round), tally);
  CHECK(tally.wrong == 0);
  CHECK(tally.submitted > 0);
  CHECK(tally.seen + tally.dropped == tally.submitted);
}
