// Keeps a fixed number of requests outstanding until it has had so many answers, and nothing else:
// `run` counts its instructions.
//
//     count_client URL CA-FILE CONNECTIONS DEPTH REQUESTS      CA-FILE may be empty
//
// At 1 x 1 each request is waited for before the next is submitted, as a program without callbacks
// does it; otherwise each answer's callback submits the next.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "headrace/headrace.hpp"

namespace {

using namespace std::chrono_literals;

constexpr std::size_t body_bytes = 300;
constexpr unsigned warming_per_place = 40;  // until the engine trusts the origin

void check(const headrace::Result<headrace::Response>& result) {
  if (!result) throw headrace::Exception(result.error());
  if (result->status != 200 || result->body.size() != body_bytes)
    throw std::runtime_error("an answer is not what the origin sends");
}

// The origin answers /free at once; /held only when it holds as many as may be outstanding.
class Load {
 public:
  Load(headrace::Engine& engine, unsigned outstanding, unsigned requests)
      : engine_(engine),
        outstanding_(outstanding),
        warming_(outstanding * warming_per_place),
        total_(warming_ + requests + outstanding) {}

  void one_by_one() {
    while (started_ < total_) check(engine_.submit(next()).wait());
  }

  void by_callbacks() {
    for (unsigned i = 0; i < outstanding_; ++i) submit();
    finished_.wait(false);
  }

 private:
  headrace::Request next() {
    const unsigned number = started_++;
    const bool held = number >= warming_ && number < total_ - outstanding_;
    return {.url = held ? "/held" : "/free"};
  }

  void submit() {
    engine_.submit(next())
        .then([this](headrace::Result<headrace::Response> result) { on_answer(result); })
        .detach();
  }

  // On the loop's thread, where nobody would see an exception.
  void on_answer(const headrace::Result<headrace::Response>& result) {
    try {
      check(result);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "count_client: %s\n", error.what());
      std::_Exit(1);
    }
    if (started_ < total_) submit();
    if (++answered_ < total_) return;
    finished_ = true;
    finished_.notify_one();
  }

  headrace::Engine& engine_;
  unsigned outstanding_;
  unsigned warming_;
  unsigned total_;
  unsigned started_ = 0;
  unsigned answered_ = 0;
  std::atomic<bool> finished_ = false;
};

unsigned number(const char* text) { return static_cast<unsigned>(std::stoul(text)); }

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: count_client URL CA-FILE CONNECTIONS DEPTH REQUESTS\n");
    return 2;
  }
  try {
    const unsigned connections = number(arguments[3]);
    const unsigned depth = number(arguments[4]);
    // Emulated instructions are slow ones: no limit of time may decide what is counted.
    headrace::Engine engine({.base_url = arguments[1],
                             .connections_max = connections,
                             .pipelining = headrace::Pipelining::fixed,
                             .pipeline_depth = depth,
                             .timeout = 60s,
                             .hang_timeout = 60s,
                             .tls = {.ca_file = arguments[2]}});
    Load load(engine, connections * depth, number(arguments[5]));
    if (connections * depth == 1) {
      load.one_by_one();
    } else {
      load.by_callbacks();
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "count_client: %s\n", error.what());
    return 1;
  }
}
