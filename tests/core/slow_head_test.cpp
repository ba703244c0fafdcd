#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;
using std::chrono::milliseconds;

namespace {

// A server that answers each request 20 ms after it came, or one connection's one after the other,
// 5 ms each; "/slow" takes a second.
class Service {
 public:
  explicit Service(bool serial) : serial_(serial) {}

  // Plays until every request has its answer; gives how long each took.
  std::vector<Duration> play(const std::vector<std::string>& targets) {
    submit({"/warm", "/warm", "/warm", "/warm"});
    run();
    return submit(targets), run();
  }

 private:
  struct Due {
    Instant at;
    std::string target;
  };

  void submit(const std::vector<std::string>& targets) {
    took_.assign(targets.size(), Duration::zero());
    started_ = now_;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      auto prepared = http::prepare({.url = "http://h" + targets[i]}, http::Base{}, false);
      REQUIRE(core_.submit(now_, {.prepared = *std::move(prepared), .tag = i}).has_value());
    }
  }

  std::vector<Duration> run() {
    for (outstanding_ = took_.size(); outstanding_ > 0; now_ += milliseconds(1)) {
      REQUIRE(now_ - started_ < std::chrono::seconds(60));
      core_.on_tick(now_);
      for (auto& [id, queue] : queues_) answer(ConnectionId::from_number(id), queue);
      drain();
    }
    return took_;
  }

  void answer(ConnectionId id, std::deque<Due>& queue) {
    while (!queue.empty() && queue.front().at <= now_) {
      queue.pop_front();
      core_.on_received(now_, id, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  }

  void drain() {
    while (const auto action = core_.next_action()) {
      if (const auto* dial = std::get_if<Dial>(&*action)) {
        queues_[dial->connection.number()] = {};
        core_.on_dialled(now_, dial->connection, {});
      } else if (const auto* write = std::get_if<Write>(&*action)) {
        take(queues_.at(write->connection.number()), write->bytes);
        core_.on_written(now_, write->connection, write->bytes.size());
      } else {
        queues_.erase(std::get<Close>(*action).connection.number());
      }
    }
    for (const Completion& completion : core_.take_completions()) {
      CHECK(completion.result.has_value());
      took_[completion.tag] = now_ - started_;
      --outstanding_;
    }
  }

  void take(std::deque<Due>& queue, std::string_view requests) {
    for (; !requests.empty(); requests.remove_prefix(requests.find("\r\n\r\n") + 4)) {
      const std::string target(requests.substr(4, requests.find(' ', 4) - 4));
      const Instant begun = serial_ && !queue.empty() ? std::max(now_, queue.back().at) : now_;
      const Duration needs = target == "/slow" ? milliseconds(1000)
                             : serial_         ? milliseconds(5)
                                               : milliseconds(20);
      queue.push_back({begun + needs, target});
    }
  }

  const bool serial_;
  Core core_{Options{.connections_max = 4, .pipeline_depth = 8}, 1};
  Instant now_ = {};
  Instant started_ = {};
  std::map<std::uint64_t, std::deque<Due>> queues_;
  std::vector<Duration> took_;
  std::size_t outstanding_ = 0;
};

}  // namespace

TEST_CASE(
    "S28: one slow request among 4 x 8 makes no other wait 100 ms longer, wherever it stands") {
  const bool serial = GENERATE(false, true);
  const std::vector<std::string> quick(32, "/quick");
  const std::vector<Duration> usual = Service(serial).play(quick);
  for (std::size_t slow = 0; slow < quick.size(); ++slow) {
    std::vector<std::string> targets = quick;
    targets[slow] = "/slow";
    const std::vector<Duration> took = Service(serial).play(targets);
    INFO("serial: " << serial << ", the slow one is " << slow);
    CHECK(took[slow] >= milliseconds(1000));
    CHECK(took[slow] <= milliseconds(1300));
    Duration longest{};
    for (std::size_t i = 0; i < took.size(); ++i)
      if (i != slow) longest = std::max(longest, took[i] - usual[i]);
    CHECK(longest <= milliseconds(100));
  }
}
