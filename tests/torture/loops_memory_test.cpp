// Every operator new fails on the thread that runs the loop, be it one that waits or the engine's
// own: the engine breaks down, which is said, and nobody is given somebody else's answer.

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <optional>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/torture/failing_new.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

void check_answer_or_breakdown(const Result<Response>& result, const std::string& target) {
  CAPTURE(target);
  if (result) {
    CHECK(result->body == target);
  } else {
    CAPTURE(to_string(result.error()));
    const ErrorCode code = result.error().code;
    const bool no_memory = result.error().detail.find("std::bad_alloc") != std::string::npos ||
                           result.error().detail == "out of memory";
    CHECK((code == ErrorCode::closed || (code == ErrorCode::internal && no_memory) ||
           code == ErrorCode::connection_lost || code == ErrorCode::tls_failed));
  }
}

// False when there were not so many.
bool play(const EchoServer& server, std::size_t nth) {
  Engine engine(torture_options());
  std::vector<Future<Response>> calls;
  for (int i = 0; i < 25; ++i)
    calls.push_back(engine.submit({.url = server.url("/" + std::to_string(i))}));
  bool reached = false;
  {
    const FailingNew failing(nth);
    for (Future<Response>& call : calls) call.wait_for(patience);
    reached = failing.reached();
  }
  for (std::size_t i = 0; i < calls.size(); ++i)
    check_answer_or_breakdown(calls[i].wait(), "/" + std::to_string(i));
  check_answer_or_breakdown(ask_after(engine, server), "/after");
  return reached;
}

}  // namespace

TEST_CASE("S1: where the loop finds no memory every call has its own answer, or an error") {
  const bool tls = GENERATE(false, true);
  Scenario over;
  over.tls = tls;
  const EchoServer server = server_for(over);
  CAPTURE(tls);
  std::size_t nth = 1;
  // On a busy machine the engine's own thread may have done all before this one comes to wait.
  const auto reaches = [&] { return play(server, nth); };
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    reached = reaches() || reaches() || reaches() || reaches();
    REQUIRE(nth < 10'000);
  }
  CHECK(nth > 10);
}

namespace {

// Calls whose answers come by callback, so that no thread waits and the loop stays with its own.
// Some callbacks ask for more.
class Callbacks {
 public:
  explicit Callbacks(const EchoServer& server) : server_(&server) {}

  // Their memory is the caller's thread's.
  void submit(Engine& engine) {
    engine_ = &engine;
    for (std::size_t i = 0; i < first_; ++i) keep(i, engine.submit(request(i)));
    engine.stream({.url = server_->url("/stream")})
        .then([this](Result<ResponseStream> opened) {
          stream_.emplace(std::move(opened));
          ready_.release();
        })
        .detach();
  }

  // When the engine has gone, if not before, each of them was told of its outcome.
  void check() {
    for (std::size_t i = 0; i < answers_.size() + 1; ++i) REQUIRE(ready_.try_acquire_for(patience));
    for (std::size_t i = 0; i < answers_.size(); ++i)
      check_answer_or_breakdown(*answers_[i], target(i));
  }

 private:
  static std::string target(std::size_t i) {
    return (i + 1 == first_ ? "/silent" : "/") + std::to_string(i);
  }

  // One has a body that comes piece by piece. None stands behind the one that is not answered.
  Request request(std::size_t i) const {
    Request made{.url = server_->url(target(i))};
    if (i + 1 == first_) made.method = "POST";
    if (i == 3) {
      made.method = "PUT";
      made.body_source = BodySource{.next = [left = 3]() mutable {
        return Future<std::string>(Result<std::string>(std::string(left-- > 0 ? 100 : 0, 'b')));
      }};
    }
    return made;
  }

  void keep(std::size_t i, Future<Response> call) {
    call.then([this, i](Result<Response> answer) {
          answers_[i].emplace(std::move(answer));
          if (first_ + i < answers_.size()) submit_next(first_ + i);
          ready_.release();
        })
        .detach();
  }

  void submit_next(std::size_t i) {
    try {
      keep(i, engine_->submit(request(i)));
    } catch (const std::bad_alloc&) {
      answers_[i].emplace(std::unexpected(detail::no_memory_error()));
      ready_.release();
    }
  }

  static constexpr std::size_t first_ = 12;
  const EchoServer* server_;
  Engine* engine_ = nullptr;
  std::array<std::optional<Result<Response>>, first_ + 4> answers_;
  std::optional<Result<ResponseStream>> stream_;
  std::counting_semaphore<> ready_{0};
};

// False when there were not so many.
bool play_on_own_thread(const EchoServer& server, std::size_t nth, bool on) {
  Callbacks calls(server);
  bool reached = false;
  {
    std::optional<Engine> engine(Engine{torture_options()});
    const FailingNewElsewhere failing(nth, on);
    calls.submit(*engine);
    try {
      engine->stats();
    } catch (const std::bad_alloc&) {  // which answering it met
    }
    engine->shut_down(std::chrono::milliseconds(0));
    engine.reset();
    reached = failing.reached();
  }
  calls.check();
  return reached;
}

}  // namespace

TEST_CASE("S1: where the engine's own thread finds no memory every call has an outcome") {
  const bool tls = GENERATE(false, true);
  const bool on = GENERATE(false, true);
  Scenario over;
  over.tls = tls;
  const EchoServer server = server_for(over);
  CAPTURE(tls, on);
  std::size_t nth = 1;
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    reached = play_on_own_thread(server, nth, on);
    REQUIRE(nth < 10'000);
  }
  CHECK(nth > 10);
}
