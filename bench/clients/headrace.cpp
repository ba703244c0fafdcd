// headrace as the author of an SDK would use it, through the public headers alone.

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bench/common/client.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

Engine make_engine(const Arguments& arguments) {
  return Engine({.base_url = arguments.target.origin(),
                 .loops = arguments.variant == "two_loops" ? 2U : 1U,
                 .connections_max = arguments.connections,
                 .pipeline_depth = arguments.depth,
                 .tls = {.ca_file = arguments.ca_file}});
}

void count(Tally& tally, const Result<Response>& result) {
  const bool good = result && result->status == 200;
  ++(good ? tally.answered : tally.failed);
  if (good) tally.body_bytes += result->body.size();
}

class Headrace : public Client {
 public:
  explicit Headrace(const Arguments& arguments)
      : request_({.url = arguments.target.path}),
        outstanding_(arguments.outstanding()),
        engine_(make_engine(arguments)) {}

  std::string version() const override { return HEADRACE_VERSION; }

 protected:
  Request request_;
  std::size_t outstanding_;
  Engine engine_;
};

// Each answer's callback submits the next request: as many chains of requests as fit the
// connections, each with a share of the requests, so that they have nothing to lock.
class Then final : public Headrace {
 public:
  using Headrace::Headrace;

  Tally run(std::size_t requests) override {
    const std::size_t count = std::min(outstanding_, requests);
    std::vector<Chain> chains(count);
    running_ = count;
    for (std::size_t i = 0; i < count; ++i)
      chains[i].left = requests / count + (i < requests % count ? 1 : 0);
    auto calls = engine_.submit_all(std::vector<Request>(count, request_));
    for (std::size_t i = 0; i < count; ++i) go_on(chains[i], std::move(calls[i]));
    while (const std::size_t running = running_) running_.wait(running);
    Tally tally;
    for (const Chain& chain : chains) {
      tally.answered += chain.tally.answered;
      tally.failed += chain.tally.failed;
      tally.body_bytes += chain.tally.body_bytes;
    }
    return tally;
  }

 private:
  struct Chain {
    Tally tally = {};
    std::size_t left = 0;
  };

  void go_on(Chain& chain, Future<Response> call) {
    call.then([this, &chain](const Result<Response>& result) { on_answer(chain, result); })
        .detach();
  }

  void on_answer(Chain& chain, const Result<Response>& result) {
    count(chain.tally, result);
    if (--chain.left > 0) return go_on(chain, engine_.submit(request_));
    --running_;
    running_.notify_one();
  }

  std::atomic<std::size_t> running_ = 0;
};

// A batch is submitted as a whole and taken as its answers come.
class AsCompleted final : public Headrace {
 public:
  using Headrace::Headrace;

  Tally run(std::size_t requests) override {
    constexpr std::size_t batch_max = 2000;
    Tally tally;
    for (std::size_t left = requests; left > 0;) {
      const std::size_t batch = std::min(left, std::max(batch_max, outstanding_ * 4));
      auto calls = engine_.submit_all(std::vector<Request>(batch, request_));
      for (auto& [index, result] : as_completed(std::move(calls))) count(tally, result);
      left -= batch;
    }
    return tally;
  }
};

// The oldest call is waited for, and another submitted in its place.
class Window final : public Headrace {
 public:
  using Headrace::Headrace;

  Tally run(std::size_t requests) override {
    Tally tally;
    auto calls =
        engine_.submit_all(std::vector<Request>(std::min(outstanding_, requests), request_));
    std::size_t unsent = requests - calls.size();
    for (std::size_t i = 0; i < requests; ++i) {
      Future<Response>& oldest = calls[i % calls.size()];
      count(tally, oldest.wait());
      if (unsent == 0) continue;
      --unsent;
      oldest = engine_.submit(request_);
    }
    return tally;
  }
};

// One at a time, each waited for.
class Wait final : public Headrace {
 public:
  using Headrace::Headrace;

  Tally run(std::size_t requests) override {
    return one_by_one(requests,
                      [&](Tally& tally) { count(tally, engine_.submit(request_).wait()); });
  }
};

template <class Way>
int measure_way(const char* name, const Arguments& arguments) {
  Way client(arguments);
  return measure({"headrace", name}, arguments, client);
}

int run(const Arguments& arguments) {
  const std::string& variant = arguments.variant;
  if (arguments.serial) return measure_way<Wait>("wait", arguments);
  if (variant.empty() || variant == "then") return measure_way<Then>("then", arguments);
  if (variant == "two_loops") return measure_way<Then>("two_loops", arguments);
  if (variant == "as_completed") return measure_way<AsCompleted>("as_completed", arguments);
  if (variant == "window") return measure_way<Window>("window", arguments);
  throw std::invalid_argument("--variant is then, two_loops, as_completed or window");
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "headrace", headrace::bench::run);
}
