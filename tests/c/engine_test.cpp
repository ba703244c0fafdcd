// S45: threads, forks, and what an engine says of itself.

#include <poll.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/c/scene.hpp"
#include "tests/support/forked_child.hpp"

using namespace headrace::test;

namespace {

// A thread's share: each kind of waiting, freeing and cancelling, on the engine of all.
unsigned use_in_every_way(hr_engine* cloud, const std::string& base, int number) {
  unsigned wrong = 0;
  for (int round = 0; round < 20; ++round) {
    std::array<std::string, 4> paths;
    std::array<hr_request, 4> requests;
    std::array<hr_future*, 4> futures{};
    for (std::size_t i = 0; i < 4; ++i) {
      paths[i] =
          base + "/" + std::to_string(number) + "." + std::to_string(round * 4) + std::to_string(i);
      requests[i] = get(paths[i]);
      requests[i].announce = i >= 2 ? 1 : 0;
    }
    if (!hr_engine_submit_all(cloud, requests.data(), 4, futures.data())) return 1000;
    hr_future_cancel(futures[1]);
    for (const std::size_t i : {0U, 2U}) {
      while (hr_future_wait(futures[i], 1) != HR_WAIT_READY) {
      }
      const hr_response* const response = hr_future_response(futures[i]);
      if (response == nullptr || base + text(response->body) != paths[i]) ++wrong;
    }
    for (hr_future* const future : {futures[0], futures[1], futures[3]}) hr_future_free(future);
  }
  return wrong;
}

}  // namespace

TEST_CASE("S45: threads share an engine, while one takes what is announced") {
  ScriptedServer server;
  server.serve(echo_targets);
  const EngineHandle cloud = engine();
  std::atomic<unsigned> wrong = 0;
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number)
    threads.emplace_back(
        [&, number] { wrong += use_in_every_way(cloud.get(), server.url(""), number); });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  std::array<hr_future*, 7> taken{};
  std::size_t count = 0;
  while (const std::size_t got = hr_engine_take_ready(cloud.get(), taken.data(), taken.size())) {
    for (std::size_t i = 0; i < got; ++i) hr_future_free(taken[i]);
    count += got;
  }
  CHECK(count == 8 * 20);
}

TEST_CASE("S45: futures are freed while they are being announced") {
  ScriptedServer server;
  server.serve(echo_targets);
  const EngineHandle cloud = engine();
  const std::string url = server.url("/");
  std::atomic<bool> over = false;
  std::atomic<std::size_t> answered = 0;
  std::thread taker([&] {
    std::array<hr_future*, 3> taken{};
    for (;;) {
      const bool last = over;
      const std::size_t got = hr_engine_take_ready(cloud.get(), taken.data(), taken.size());
      for (std::size_t i = 0; i < got; ++i) hr_future_free(taken[i]);
      answered += got;
      if (got == 0 && last) return;
      pollfd watched{.fd = hr_engine_ready_fd(cloud.get()), .events = POLLIN, .revents = 0};
      if (got == 0) poll(&watched, 1, 1);
    }
  });
  hr_request request = get(url);
  for (int i = 0; i < 300; ++i) {
    request.announce = 0;
    const FutureHandle before(hr_engine_submit(cloud.get(), &request));
    request.announce = 1;
    hr_engine_submit(cloud.get(), &request);  // the taker's
    body_of(before);
  }
  hr_engine_shut_down(cloud.get(), HR_NONE);
  over = true;
  taker.join();
  CHECK(answered == 300);
}

TEST_CASE("S45: of two threads that wait for one future, one is refused") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const FutureHandle call = submit(cloud, get(server.url("/")));
  Peer peer = server.accept();
  peer.read_request();
  std::atomic<bool> refused = false;
  const auto wait = [&] {
    const hr_wait_result result = hr_future_wait(call.get(), HR_NONE);
    if (result == HR_WAIT_READY) return;
    refused = true;
    peer.send(ok("for the other"));
  };
  std::thread first(wait);
  std::thread second(wait);
  first.join();
  second.join();
  CHECK(refused);
  CHECK(body_of(call) == "for the other");
}

TEST_CASE("S45: a forked child finds the future forked, and has a queue and engine of its own") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const std::string url = server.url("/");
  hr_request request = get(url);
  request.announce = 1;
  const FutureHandle old = submit(cloud, request);
  const FutureHandle ready = submit(cloud, get("nonsense"));
  const int descriptor = hr_engine_ready_fd(cloud.get());
  Peer peer = server.accept();
  peer.read_request();

  const std::string nowhere = ScriptedServer().url("/");
  ForkedChild child([&] {
    std::array<hr_future*, 2> taken{};
    const bool own_descriptor = hr_engine_ready_fd(cloud.get()) != descriptor;
    const bool none = hr_engine_take_ready(cloud.get(), taken.data(), 2) == 0;
    const bool over = hr_future_wait(old.get(), HR_NONE) == HR_WAIT_READY &&
                      hr_future_error(old.get())->code == HR_FORKED;
    hr_request inner{};
    inner.struct_size = sizeof(inner);
    inner.url = str(nowhere);
    inner.announce = 1;
    hr_future* const fresh = hr_engine_submit(cloud.get(), &inner);
    const bool failed = hr_future_wait(fresh, HR_NONE) == HR_WAIT_READY &&
                        hr_future_error(fresh)->code == HR_CONNECT_FAILED;
    const bool announced = wait_until_ready(hr_engine_ready_fd(cloud.get()), Readiness::read) &&
                           hr_engine_take_ready(cloud.get(), taken.data(), 2) == 1 &&
                           taken[0] == fresh;
    return first_false({own_descriptor, none, over, failed, announced});
  });
  CHECK(child.wait() == 0);
  CHECK_FALSE(hr_future_ready(old.get()));
  peer.send(ok("the parent's"));
  CHECK(body_of(old) == "the parent's");
  std::array<hr_future*, 2> taken{};
  REQUIRE(wait_until_ready(descriptor, Readiness::read));
  CHECK(hr_engine_take_ready(cloud.get(), taken.data(), 2) == 1);
  CHECK(taken[0] == old.get());
}

TEST_CASE("S45: an engine tells how things stand, and what it has learned") {
  ScriptedServer server;
  const EngineHandle cloud = engine();
  const FutureHandle answered = submit(cloud, get(server.url("/")));
  const FutureHandle waiting = submit(cloud, get(server.url("/")));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok("fine"));
  CHECK(body_of(answered) == "fine");
  const TextHandle json(hr_engine_stats(cloud.get()));
  REQUIRE(json != nullptr);
  const std::string said = json.get();
  CAPTURE(said);
  CHECK(said.starts_with(R"({"origins":[{"origin":"http://127.0.0.1:)"));
  CHECK(said.find(R"("counters":{"submitted":2,"answered":1,"failed":0,)") != std::string::npos);
  CHECK(said.find(R"("capability":")") != std::string::npos);
  CHECK(said.find(R"("total":{"count":1,"sum_ns":)") != std::string::npos);
  CHECK(said.ends_with("]}}]}"));
  const TextHandle profiles(hr_engine_profiles(cloud.get()));
  REQUIRE(profiles != nullptr);
  CHECK(std::string(profiles.get()).find("127.0.0.1") != std::string::npos);

  hr_options again = options();
  again.profiles = hr_str_from(profiles.get());
  const EngineHandle later = engine(again);
  again.profiles = str("what is this");
  CHECK(refusal(again).find("profiles") != std::string::npos);
}
