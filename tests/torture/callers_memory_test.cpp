// Every operator new fails once on the caller's thread: what was asked for is refused by
// std::bad_alloc or an error, nothing is lost or left, and the engine goes on.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/inbox.hpp"
#include "engine/api/runner.hpp"
#include "headrace/headrace.hpp"
#include "tests/support/call_to.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/torture/each_failure.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

void check_alive(Engine& engine, const EchoServer& server) {
  check_after(ask_after(engine, server), {});
}

}  // namespace

TEST_CASE("An engine that finds no memory for itself is not made, and leaves nothing") {
  const bool tls = GENERATE(false, true);
  Options options = tls ? torture_options() : Options{.loops = 2};
  {
    const Engine first(options);
  }  // what libuv keeps for the process is there after it
  const std::size_t descriptors = open_descriptors();
  std::optional<Engine> engine;
  std::optional<Error> error;
  for_each_failure(
      [&] {
        Result<Engine> made = Engine::create(options);
        if (made)
          engine.emplace(*std::move(made));
        else
          error.emplace(std::move(made).error());
      },
      [&](bool threw) {
        CHECK((engine || error || threw));
        if (error) CHECK_FALSE(error->detail.empty());
        engine.reset();
        error.reset();
        CHECK(open_descriptors() == descriptors);
      });
}

TEST_CASE("S1: a request for which there is no memory is refused whole, and the engine goes on") {
  const EchoServer server;
  Engine engine(torture_options());
  const Request request{.method = "POST",
                        .url = server.url("/one"),
                        .headers = {{"x-long", std::string(100, 'x')}},
                        .body = std::string(1'000, 'b'),
                        .verify = [](const Response& response) { return response.status == 200; }};
  Future<Response> call;
  for_each_failure([&] { call = engine.submit(request); },
                   [&](bool threw) {
                     if (!threw) {
                       const Result<Response> result = std::exchange(call, {}).wait();
                       if (result)
                         CHECK(result->body == "/one");
                       else
                         CHECK(result.error().progress == Progress::queued);
                     }
                     check_alive(engine, server);
                   });
}

TEST_CASE("S1: of requests given together all or none is taken when there is no memory") {
  const EchoServer server;
  Options options = torture_options();
  options.loops = 2;
  Engine engine(options);
  std::vector<Request> requests;
  for (int i = 0; i < 7; ++i) requests.push_back({.url = server.url("/" + std::to_string(i))});
  std::vector<Future<Response>> calls;
  for_each_failure([&] { calls = engine.submit_all(requests); },
                   [&](bool threw) {
                     if (!threw) REQUIRE(calls.size() == requests.size());
                     for (std::size_t i = 0; i < calls.size(); ++i) {
                       const Result<Response> result = calls[i].wait();
                       REQUIRE(result);
                       CHECK(result->body == "/" + std::to_string(i));
                     }
                     calls.clear();
                     check_alive(engine, server);
                   });
}

TEST_CASE("S1: a stream for which there is no memory is refused, and the engine goes on") {
  const EchoServer server;
  Engine engine(torture_options());
  Future<ResponseStream> call;
  for_each_failure([&] { call = engine.stream({.url = server.url("/stream")}); },
                   [&](bool threw) {
                     if (!threw) CHECK(std::exchange(call, {}).wait());
                     check_alive(engine, server);
                   });
}

TEST_CASE("S1: a future that cannot be told of by callback keeps its answer or gives bad_alloc") {
  const EchoServer server;
  Engine engine(torture_options());
  Future<std::size_t> length;
  for_each_failure(
      [&] {
        length = engine.submit({.url = server.url("/then")}).then([](Result<Response> came) {
          return came ? came->body.size() : 0;
        });
      },
      [&](bool threw) {
        if (!threw) CHECK(std::exchange(length, {}).wait().value() == 5);
        check_alive(engine, server);
      });
}

TEST_CASE("S1: cancels, joins and ends for which there is no memory leave no call behind") {
  const EchoServer server;
  const auto calls_of = [&](Engine& engine) {
    std::vector<Future<Response>> calls;
    for (int i = 0; i < 4; ++i)
      calls.push_back(engine.submit({.url = server.url("/" + std::to_string(i))}));
    return calls;
  };
  SECTION("cancel") {
    Engine engine(torture_options());
    Future<Response> call;
    std::size_t nth = 1;
    for (bool reached = true; reached; ++nth) {
      call = engine.submit({.url = server.url("/cancel")});
      {
        const FailingNew failing(nth);
        call.cancel();
        reached = failing.reached();
      }
      const Result<Response> result = call.wait();
      CHECK((result || result.error().code == ErrorCode::cancelled));
      check_alive(engine, server);
    }
  }
  SECTION("when_all") {
    Engine engine(torture_options());
    std::vector<Future<Response>> calls;
    Future<std::vector<Result<Response>>> all;
    std::size_t nth = 1;
    for (bool reached = true; reached; ++nth) {
      CAPTURE(nth);
      calls = calls_of(engine);
      bool threw = false;
      {
        const FailingNew failing(nth);
        try {
          all = when_all(std::move(calls));
        } catch (const std::bad_alloc&) {
          threw = true;
        }
        reached = failing.reached();
      }
      if (!threw) CHECK(all.wait().value().size() == 4);
      check_alive(engine, server);
    }
  }
  SECTION("the end") {
    std::size_t nth = 1;
    for (bool reached = true; reached; ++nth) {
      CAPTURE(nth);
      std::optional<Engine> engine(Engine{torture_options()});
      std::vector<Future<Response>> calls = calls_of(*engine);
      {
        const FailingNew failing(nth);
        engine.reset();
        reached = failing.reached();
      }
      for (Future<Response>& call : calls) {
        const Result<Response> result = call.wait();
        CHECK((result || result.error().code == ErrorCode::closed));
      }
    }
  }
}

TEST_CASE("A piece of a body that was asked for finds room in the inbox, memory or not") {
  const Options options;
  const auto inbox = std::make_shared<api::Inbox>(options);
  api::Runner runner(options, inbox);
  REQUIRE(runner.open());
  const auto call = call_to(inbox);
  inbox->expect_piece();
  api::Inbox::Mail mail;
  if (GENERATE(false, true)) inbox->take(mail);  // which leaves other memory there
  {
    const FailingNew failing(1);
    inbox->supply(*call, std::string("piece"));
  }
  inbox->take(mail);
  REQUIRE(mail.pieces.size() == 1);
  CHECK(mail.pieces.front().bytes.value() == "piece");
  inbox->close("the test is over");
}
