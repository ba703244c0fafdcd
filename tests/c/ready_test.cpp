// S45: futures that are announced, for programs with an event loop of their own.

#include <poll.h>

#include <array>
#include <vector>

#include "tests/c/scene.hpp"

using namespace headrace::test;

namespace {

constexpr std::size_t many = 16;

hr_request announced(const std::string& url) {
  hr_request request = get(url);
  request.announce = 1;
  return request;
}

bool is_readable(int descriptor) {
  pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&watched, 1, 0) == 1;
}

bool becomes_readable(int descriptor) { return wait_until_ready(descriptor, Readiness::read); }

// What is taken, waiting for as many as that.
std::vector<std::string> take(const EngineHandle& cloud, std::size_t count) {
  std::vector<std::string> bodies;
  std::array<hr_future*, many> taken{};
  while (bodies.size() < count) {
    REQUIRE(becomes_readable(hr_engine_ready_fd(cloud.get())));
    const std::size_t got = hr_engine_take_ready(cloud.get(), taken.data(), many);
    for (std::size_t i = 0; i < got; ++i) bodies.push_back(body_of(FutureHandle(taken[i])));
  }
  return bodies;
}

// Waits for one without running the loop, as a wait for the future might.
void take_and_keep(const EngineHandle& cloud) {
  hr_future* taken = nullptr;
  REQUIRE(becomes_readable(hr_engine_ready_fd(cloud.get())));
  REQUIRE(hr_engine_take_ready(cloud.get(), &taken, 1) == 1);
}

struct OneConnection {
  ScriptedServer server = ScriptedServer();
  EngineHandle cloud = [] {
    hr_options given = options();
    given.connections_max = 1;
    return engine(given);
  }();
};

}  // namespace

TEST_CASE("S45: the descriptor is readable as long as there is something to take") {
  OneConnection scene;
  const int descriptor = hr_engine_ready_fd(scene.cloud.get());
  CHECK(descriptor >= 0);
  CHECK(hr_engine_ready_fd(scene.cloud.get()) == descriptor);
  FutureHandle first = submit(scene.cloud, announced(scene.server.url("/first")));
  FutureHandle second = submit(scene.cloud, announced(scene.server.url("/second")));
  std::array<hr_future*, many> taken{};
  CHECK_FALSE(is_readable(descriptor));
  CHECK(hr_engine_take_ready(scene.cloud.get(), taken.data(), many) == 0);
  scene.server.serve(echo_targets);
  REQUIRE(becomes_readable(descriptor));
  CHECK(hr_engine_take_ready(scene.cloud.get(), taken.data(), 1) == 1);
  CHECK(taken[0] == first.get());
  CHECK(hr_future_ready(taken[0]));
  CHECK(body_of(first) == "/first");
  REQUIRE(becomes_readable(descriptor));
  CHECK(hr_engine_take_ready(scene.cloud.get(), taken.data(), 1) == 1);
  CHECK(taken[0] == second.get());
  CHECK_FALSE(is_readable(descriptor));
}

TEST_CASE("S45: a descriptor that is asked for late tells of what was ready before") {
  OneConnection scene;
  const FutureHandle refused = submit(scene.cloud, announced("nonsense"));
  const int descriptor = hr_engine_ready_fd(scene.cloud.get());
  CHECK(is_readable(descriptor));
  std::array<hr_future*, many> taken{};
  REQUIRE(hr_engine_take_ready(scene.cloud.get(), taken.data(), many) == 1);
  CHECK(taken[0] == refused.get());
  CHECK(error_of(refused).code == HR_INVALID_ARGUMENT);
}

TEST_CASE("S45: a batch is announced in the order of its completion") {
  OneConnection scene;
  std::vector<std::string> urls;
  for (int i = 0; i < 10; ++i) urls.push_back(scene.server.url("/" + std::to_string(i)));
  std::vector<hr_request> requests;
  for (const std::string& url : urls) requests.push_back(announced(url));
  std::vector<hr_future*> futures(requests.size());
  REQUIRE(
      hr_engine_submit_all(scene.cloud.get(), requests.data(), requests.size(), futures.data()));
  scene.server.serve(echo_targets);
  const std::vector<std::string> bodies = take(scene.cloud, requests.size());
  CHECK(bodies ==
        std::vector<std::string>{"/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9"});
}

TEST_CASE("S45: what is not announced is not taken, and what is waited for still is") {
  OneConnection scene;
  scene.server.serve(echo_targets);
  const FutureHandle quiet = submit(scene.cloud, get(scene.server.url("/quiet")));
  FutureHandle loud = submit(scene.cloud, announced(scene.server.url("/loud")));
  CHECK(body_of(quiet) == "/quiet");
  CHECK(body_of(loud) == "/loud");
  std::array<hr_future*, many> taken{};
  CHECK(hr_engine_take_ready(scene.cloud.get(), taken.data(), many) == 1);
  CHECK(taken[0] == loud.get());
}

TEST_CASE("S45: a wait that times out leaves the future to be announced") {
  OneConnection scene;
  FutureHandle call = submit(scene.cloud, announced(scene.server.url("/late")));
  CHECK(hr_future_wait(call.get(), 1) == HR_WAIT_TIMED_OUT);
  scene.server.serve(echo_targets);
  call.release();  // it is taken
  CHECK(take(scene.cloud, 1) == std::vector<std::string>{"/late"});
}

TEST_CASE("S45: what is freed is not announced, before its answer and after") {
  OneConnection scene;
  FutureHandle before = submit(scene.cloud, announced(scene.server.url("/before")));
  before.reset();
  FutureHandle after = submit(scene.cloud, announced(scene.server.url("/after")));
  FutureHandle kept = submit(scene.cloud, announced(scene.server.url("/kept")));
  scene.server.serve(echo_targets);
  CHECK(body_of(after) == "/after");
  const int descriptor = hr_engine_ready_fd(scene.cloud.get());
  REQUIRE(becomes_readable(descriptor));
  after.reset();
  kept.release();
  CHECK(take(scene.cloud, 1) == std::vector<std::string>{"/kept"});
  CHECK_FALSE(is_readable(descriptor));
}

TEST_CASE("S45: an engine that shuts down announces what it could not finish") {
  OneConnection scene;
  const FutureHandle call = submit(scene.cloud, announced(scene.server.url("/")));
  hr_engine_shut_down(scene.cloud.get(), 0);
  std::array<hr_future*, many> taken{};
  CHECK(hr_engine_take_ready(scene.cloud.get(), taken.data(), many) == 1);
  CHECK(error_of(call).code == HR_CLOSED);
}

TEST_CASE("S45: announced futures outlive their engine") {
  OneConnection scene;
  const FutureHandle queued = submit(scene.cloud, announced("nonsense"));
  const FutureHandle unready = submit(scene.cloud, announced(scene.server.url("/")));
  scene.cloud.reset();
  CHECK(error_of(queued).code == HR_INVALID_ARGUMENT);
  CHECK(error_of(unready).code == HR_CLOSED);
}

TEST_CASE("S45: what is taken while others complete leaves the descriptor as it should be") {
  ScriptedServer server;
  server.serve(echo_targets);
  const EngineHandle cloud = engine();
  const int descriptor = hr_engine_ready_fd(cloud.get());
  const std::string url = server.url("/");
  const std::vector<hr_request> requests(20000, announced(url));
  std::vector<hr_future*> futures(requests.size());
  REQUIRE(hr_engine_submit_all(cloud.get(), requests.data(), requests.size(), futures.data()));
  std::array<hr_future*, many> taken{};
  for (std::size_t left = requests.size(); left > 0;) {
    const std::size_t got = hr_engine_take_ready(cloud.get(), taken.data(), many);
    for (std::size_t i = 0; i < got; ++i) hr_future_free(taken[i]);
    left -= got;
  }
  const TextHandle stats(hr_engine_stats(cloud.get()));  // the turn that told of the last is over
  CHECK_FALSE(is_readable(descriptor));
}

TEST_CASE("S45: what is enqueued leaves when it is flushed, and is announced as ever") {
  OneConnection scene;
  scene.server.serve(echo_targets);
  const FutureHandle first = submit(scene.cloud, announced(scene.server.url("/first")));
  take_and_keep(scene.cloud);
  const TextHandle stats(hr_engine_stats(scene.cloud.get()));  // its loop has nothing to do now
  std::vector<FutureHandle> calls;
  for (const char* target : {"/a", "/b", "/c"}) {
    const std::string url = scene.server.url(target);
    const hr_request request = announced(url);
    calls.emplace_back(hr_engine_enqueue(scene.cloud.get(), &request));
  }
  hr_engine_flush(scene.cloud.get());
  std::vector<std::string> bodies = take(scene.cloud, calls.size());
  CHECK(bodies == std::vector<std::string>{"/a", "/b", "/c"});
  for (FutureHandle& call : calls) static_cast<void>(call.release());  // freed with what was taken
}

TEST_CASE("S45: enqueueing and flushing without an engine says so") {
  hr_engine_flush(nullptr);
  const FutureHandle refused(hr_engine_enqueue(nullptr, nullptr));
  CHECK(error_of(refused).code == HR_INVALID_ARGUMENT);
}
