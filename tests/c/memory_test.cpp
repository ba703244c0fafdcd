// Every operator new of the caller's thread fails once: a function gives null or false and has done
// nothing, or hands over an error that says so, and the engine goes on.

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "tests/c/scene.hpp"
#include "tests/torture/each_failure.hpp"

using namespace headrace::test;

namespace {

struct Scene {
  ScriptedServer server;
  EngineHandle asked = engine();

  Scene() { server.serve(echo_targets); }
  std::string url(const std::string& target) const { return server.url(target); }

  void check_alive() { CHECK(body_of(submit(asked, get(url("/alive")))) == "/alive"); }
};

}  // namespace

TEST_CASE("S45: an engine for which there is no memory is null, with an error that says so") {
  hr_options wanted = options();
  wanted.base_url = str("https://headrace.example:8443/a/long/path/that/takes/memory");
  EngineHandle made;
  ErrorHandle error;
  for_each_failure(
      [&] {
        hr_error* why = nullptr;
        made.reset(hr_engine_create(&wanted, &why));
        error.reset(why);
      },
      [&](bool threw) {
        CHECK_FALSE(threw);
        CHECK((made != nullptr) == (error == nullptr));
        if (error) CHECK_FALSE(text(error->text).empty());
      });
  CHECK(made);
}

TEST_CASE("S45: a request for which there is no memory gives null, and was not sent") {
  Scene scene;
  const std::string url = scene.url("/one");
  const std::string body(500, 'b');
  hr_request request = get(url);
  request.method = str("POST");
  request.body = str(body);
  request.streamed = GENERATE(0, 1);
  FutureHandle future;
  for_each_failure([&] { future = submit(scene.asked, request); },
                   [&](bool threw) {
                     CHECK_FALSE(threw);
                     if (future) {
                       REQUIRE(hr_future_wait(future.get(), HR_NONE) == HR_WAIT_READY);
                       const hr_error* const error = hr_future_error(future.get());
                       if (error != nullptr) CHECK(error->progress == HR_QUEUED);
                     }
                     scene.check_alive();
                   });
  REQUIRE(future);
  CHECK(hr_future_response(future.get()) != nullptr);
}

TEST_CASE("S45: of a batch for which there is no memory nothing was sent") {
  Scene scene;
  const std::array<std::string, 3> urls{scene.url("/0"), scene.url("/1"), scene.url("/2")};
  std::array<hr_request, 3> requests{get(urls[0]), get(urls[1]), get(urls[2])};
  requests[1].streamed = 1;
  std::array<hr_future*, 3> futures{};
  bool taken = false;
  for_each_failure(
      [&] { taken = hr_engine_submit_all(scene.asked.get(), requests.data(), 3, futures.data()); },
      [&](bool threw) {
        CHECK_FALSE(threw);
        for (hr_future* future : futures) {
          CHECK(taken == (future != nullptr));
          if (future != nullptr) CHECK(hr_future_wait(future, HR_NONE) == HR_WAIT_READY);
          hr_future_free(future);
        }
        scene.check_alive();
      });
  CHECK(taken);
}

TEST_CASE("S45: an answer that there is no memory to hand over is the error no_memory") {
  Scene scene;
  FutureHandle future;
  bool answered = false;
  for (std::size_t nth = 1; !answered; ++nth) {
    CAPTURE(nth);
    future = submit(scene.asked, get(scene.url("/answer")));
    REQUIRE(hr_future_wait(future.get(), HR_NONE) == HR_WAIT_READY);
    {
      const FailingNew failing(nth);
      answered = hr_future_response(future.get()) != nullptr;
    }
    if (!answered) CHECK(error_of(future).code == HR_NO_MEMORY);
    REQUIRE(nth < 100);
  }
  CHECK(body_of(future) == "/answer");
}

TEST_CASE("S45: a piece that there is no memory to read leaves no hole in the body") {
  Scene scene;
  const std::string url = scene.url("/pieces");
  hr_request request = get(url);
  request.streamed = 1;
  std::string whole;
  bool reached = true;
  for (std::size_t nth = 1; reached; ++nth) {
    CAPTURE(nth);
    const FutureHandle head = submit(scene.asked, request);
    REQUIRE(hr_future_wait(head.get(), HR_NONE) == HR_WAIT_READY);
    REQUIRE(hr_future_response(head.get()) != nullptr);
    FutureHandle piece;
    {
      const FailingNew failing(nth);
      piece.reset(hr_future_read(head.get(), false, nullptr));
      reached = failing.reached();
    }
    CHECK((piece || reached));
    whole.clear();
    bool goes_on = true;
    while (goes_on) {
      if (!piece) piece.reset(hr_future_read(head.get(), false, nullptr));
      REQUIRE(hr_future_wait(piece.get(), HR_NONE) == HR_WAIT_READY);
      const hr_response* const part = hr_future_response(piece.get());
      if (part != nullptr) whole += text(part->body);
      goes_on = part != nullptr && part->body.size > 0;
      if (part == nullptr) CHECK(whole.empty());
      if (!goes_on && part != nullptr) CHECK(whole == "/pieces");
      piece.reset();
    }
    REQUIRE(nth < 100);
  }
  CHECK(whole == "/pieces");
}

TEST_CASE("S45: reports and the ready queue do without memory") {
  Scene scene;
  TextHandle stats;
  for_each_failure([&] { stats.reset(hr_engine_stats(scene.asked.get())); },
                   [&](bool threw) {
                     CHECK_FALSE(threw);
                     scene.check_alive();
                   });
  CHECK(stats);
}
