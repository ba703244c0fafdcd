// An engine among servers that misbehave, each in its way, for as many minutes as are asked for:
//
//     soak_servers MINUTES
//
// Prints what was asked, what came of it, and memory and descriptors as they were in the beginning
// and are in the end. Fails when an honest server's answer was wrong or missing, or when something
// grew.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bindings/cli/sample/misbehaving_server.hpp"
#include "headrace/headrace.hpp"

using namespace headrace;
using namespace headrace::sample;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

struct Far {
  const Misbehaviour* kind;
  std::unique_ptr<MisbehavingServer> server;
  std::map<std::string, std::size_t> outcomes;  // "ok", or an error's name
  std::size_t wrong = 0;                        // another request's answer
};

struct Footprint {
  std::size_t memory_kib = 0;  // resident
  std::size_t descriptors = 0;
};

Footprint footprint() {
  Footprint now;
  std::ifstream pages("/proc/self/statm");
  std::size_t size = 0;
  pages >> size >> now.memory_kib;
  now.memory_kib *= 4;
  const std::filesystem::directory_iterator all("/proc/self/fd");
  now.descriptors = static_cast<std::size_t>(std::distance(begin(all), end(all)));
  return now;
}

std::vector<Far> all_kinds() {
  const Habits habits{.idle = 2ms, .slow = 100ms};
  std::vector<Far> far;
  for (const Misbehaviour& kind : misbehaviours())
    far.push_back({&kind, std::make_unique<MisbehavingServer>(kind, habits), {}, 0});
  return far;
}

struct Call {
  Far* far;
  std::string target;
  bool post;
  Future<Response> future;
};

class Soak {
 public:
  Soak() : engine_(options()) {}

  void play(Clock::time_point until) {
    while (Clock::now() < until) {
      for (int i = 0; i < 40; ++i) submit();
      while (calls_.size() > 200) take();
    }
    while (!calls_.empty()) take();
  }

  // Takes another engine, and waits until the servers have seen the first one's connections go.
  bool settle() {
    engine_ = Engine(options());
    bool alone = true;
    for (const Far& one : far_) alone = one.server->wait_until_alone(10s) && alone;
    return alone;
  }

  // False when something went wrong.
  bool report() const {
    bool good = true;
    for (const Far& one : far_) {
      const Tally tally = one.server->tally();
      std::printf("%-24s %9zu requests %8zu connections %6zu pipelines lost:",
                  std::string(one.kind->name).c_str(), tally.requests, tally.connections,
                  tally.broken_pipelines);
      for (const auto& [name, count] : one.outcomes) std::printf(" %zu %s", count, name.c_str());
      std::printf("%s\n",
                  one.wrong == 0 ? "" : (" " + std::to_string(one.wrong) + " wrong").c_str());
      const bool lies = one.kind->name == "reorders" || one.kind->name == "skips_second" ||
                        one.kind->name == "extra_answers";
      good = good && (one.wrong == 0 || lies);
      if (one.kind->name != "honest") continue;
      for (const auto& [name, count] :
           one.outcomes)  // with deadlines of 20 ms, and our own cancels
        good = good && (name == "ok" || name == "timed_out" || name == "cancelled");
    }
    return good;
  }

 private:
  static Options options() { return {.connections_max = 3, .timeout = 20s, .hang_timeout = 200ms}; }

  void submit() {
    Far& far = far_[random_() % far_.size()];
    std::string target = "/" + std::to_string(++number_);
    headrace::Request request{.url = far.server->origin() + target};
    if (random_() % 10 == 0) request.method = "POST";
    if (random_() % 50 == 0) request.timeout = 20ms;
    Call call{&far, std::move(target), request.method == "POST", engine_.submit(request)};
    if (random_() % 20 == 0) call.future.cancel();
    calls_.push_back(std::move(call));
  }

  void take() {
    Call call = std::move(calls_.front());
    calls_.pop_front();
    if (random_() % 50 == 0) return;  // dropped
    const Result<Response> result = call.future.wait();
    // What was said to an idle connection is the answer of a POST that it crossed on its way, of
    // whoever crossed one at each attempt, and of the first on a connection that was new for longer
    // than it took to be made.
    const bool often = result && result->attempts == Options{}.attempts_max;
    const bool first = result && result->timings.connect.has_value();
    const bool refused = result && result->status == 408 && (call.post || often || first);
    ++call.far->outcomes[refused  ? call.post ? "408 to a POST"
                                    : often   ? "408 three times"
                                              : "408 to a new connection"
                         : result ? "ok"
                                  : std::string(name_of(result.error().code))];
    if (result && !refused && result->body != call.target && !result->suspect) ++call.far->wrong;
  }

  std::vector<Far> far_ = all_kinds();
  Engine engine_;
  std::deque<Call> calls_;
  std::minstd_rand random_{7};
  std::size_t number_ = 0;
};

int run(std::chrono::minutes length) {
  Soak soak;
  const auto begun = Clock::now();
  soak.play(begun + length / 10);  // what an engine and its servers need at all is there then
  const bool alone_before = soak.settle();
  const Footprint before = footprint();
  soak.play(begun + length);
  const bool good = soak.report();
  const bool alone = soak.settle() && alone_before;
  const Footprint after = footprint();
  std::printf("memory %zu KiB after a tenth, %zu at the end; descriptors %zu and %zu\n",
              before.memory_kib, after.memory_kib, before.descriptors, after.descriptors);
  // Arenas of threads come and go; what leaks with the requests is far over this in ten minutes.
  constexpr std::size_t memory_spare_kib = 8 * 1024;
  const bool flat = after.memory_kib < before.memory_kib + memory_spare_kib &&
                    after.descriptors <= before.descriptors;
  if (!good)
    std::printf("An honest server's answers were not all right, or another's was wrong.\n");
  if (!flat) std::printf("That grew.\n");
  if (!alone) std::printf("A connection is left.\n");
  return good && flat && alone ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const int minutes = count == 2 ? std::atoi(values[1]) : 0;
  if (minutes < 1) {
    std::fprintf(stderr, "soak_servers MINUTES: give a number of minutes\n");
    return 2;
  }
  try {
    return run(std::chrono::minutes(minutes));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
