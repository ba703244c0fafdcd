// A call's life over several steps: cancelling, deadlines, shutdown, many threads, forks.

#include <atomic>
#include <thread>

#include "headrace/client.hpp"
#include "tests/client/site.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked_child.hpp"

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

Error error_of(Future<ClientResponse>& call) {
  Result<ClientResponse> result = call.wait();
  if (result) FAIL("expected an error, got status " << result->status);
  return result.error();
}

// A call that has been led to "/silent", where its server keeps quiet.
struct SecondStep {
  ScriptedServer server;
  Client client;
  Future<ClientResponse> call;
  Peer peer;

  explicit SecondStep(Request request = {})
      : client({.base_url = server.url("")}),
        call(submit(std::move(request))),
        peer(server.accept()) {
    peer.read_request();
    peer.send(redirect("/silent", 307));
    CHECK(peer.read_request().target == "/silent");
  }

  Future<ClientResponse> submit(Request request) {
    request.url = "/first";
    return client.submit(std::move(request));
  }
};

}  // namespace

TEST_CASE("S24: cancelling a call ends the step that is under way") {
  SecondStep scene;
  scene.call.cancel();
  CHECK(error_of(scene.call).code == ErrorCode::cancelled);
  scene.peer.send(ok("late"));
  Future<ClientResponse> next = scene.client.get("/next");  // on the same connection
  CHECK(scene.peer.read_request().target == "/next");
  scene.peer.send(ok("next"));
  CHECK(next.get().body == "next");
}

TEST_CASE("dropping a call ends the step that is under way") {
  SecondStep scene;
  scene.call = {};
  const auto outstanding = [&] {
    std::size_t sum = 0;
    for (const OriginStats& origin : scene.client.engine().stats().origins)
      sum += origin.queued + origin.in_flight;
    return sum;
  };
  CHECK(outstanding() == 0);
}

TEST_CASE("S19: one deadline covers all steps") {
  SecondStep scene({.timeout = 300ms});
  Future<ClientResponse> longer = scene.client.submit({.url = "/longer", .timeout = 5s});
  const Error error = error_of(scene.call);
  CHECK_FALSE(longer.ready());
  CHECK(error.code == ErrorCode::timed_out);
  CHECK(error.progress == Progress::responding);
  CHECK(error.safe_to_repeat);
}

TEST_CASE("S19: a deadline ends what would be led on for ever") {
  const Site site([](const ReceivedRequest&) { return redirect("/on"); });
  Client client({.base_url = site.url(""), .redirects_max = 1'000'000'000});
  Future<ClientResponse> call = client.submit({.url = "/", .timeout = 100ms});
  const Error error = error_of(call);
  CHECK(error.code == ErrorCode::timed_out);
  CHECK(error.progress == Progress::responding);
}

TEST_CASE("S17: an error of a later step is about the whole call") {
  SecondStep scene({.method = "POST", .body = "x"});
  scene.peer.close();
  const Error error = error_of(scene.call);
  CHECK(error.code == ErrorCode::connection_lost);
  CHECK(error.progress == Progress::responding);
  CHECK_FALSE(error.safe_to_repeat);
}

TEST_CASE("S1: a client that goes completes every call with closed, at whatever step it is") {
  const bool own_engine = GENERATE(true, false);
  const Site site([](const ReceivedRequest& request) {
    return redirect("/loop/" + request.target.substr(request.target.rfind('/') + 1));
  });
  auto engine = std::make_shared<Engine>();
  std::vector<Future<ClientResponse>> calls;
  {
    const ClientOptions options{.base_url = site.url(""), .redirects_max = 1'000'000};
    Client client = own_engine ? Client(options) : Client(engine, options);
    for (int i = 0; i < 50; ++i) calls.push_back(client.get("/loop/" + std::to_string(i)));
    while (site.requests().size() < 500) std::this_thread::yield();
  }
  for (Future<ClientResponse>& call : calls) {
    CHECK(call.ready());
    CHECK(error_of(call).code == ErrorCode::closed);
  }
  CHECK(engine->stats().origins.size() == (own_engine ? 0 : 1));  // and that goes on
}

TEST_CASE("S1: a client may go in a callback of its own") {
  const Site site([](const ReceivedRequest&) { return ok("x"); });
  auto client = std::make_unique<Client>(ClientOptions{.base_url = site.url("")});
  Future<ClientResponse> other = client->submit({.url = "/never", .timeout = 0ms});
  Future<int> gone = client->get("/").then([&](Result<ClientResponse> response) {
    client.reset();
    return response->status;
  });
  CHECK(gone.get() == 200);
  const auto result = other.wait();
  CHECK((result ? ErrorCode::closed : result.error().code) == ErrorCode::closed);
}

TEST_CASE("S44: when the engine shuts down, no further step is begun") {
  SecondStep scene;
  scene.client.engine().shut_down(0ms);
  CHECK(error_of(scene.call).code == ErrorCode::closed);
  Future<ClientResponse> after = scene.client.get("/");
  CHECK(error_of(after).code == ErrorCode::closed);
}

TEST_CASE("callbacks and coroutines go on with a client's futures, and submit") {
  const Site site([](const ReceivedRequest& request) {
    return request.target == "/a" ? redirect("/b") : ok(request.target);
  });
  Client client({.base_url = site.url("")});
  std::atomic<int> depth = 0;
  std::function<void()> again = [&] {
    if (++depth == 20) return;
    client.get("/a").then([&](Result<ClientResponse>) { again(); }).detach();
  };
  again();
  while (depth < 20) client.get("/a").get();
  CHECK(depth >= 20);
  const auto all = when_all(client.submit_all({{.url = "/a"}, {.url = "/c"}})).get();
  CHECK(all[0]->body == "/b");
  CHECK(all[1]->body == "/c");
}

TEST_CASE("S41: many threads submit, cancel and wait, with redirects and cookies") {
  const Site site([](const ReceivedRequest& request) {
    if (request.target.starts_with("/go/"))
      return redirect(request.target.substr(3), 302,
                      "Set-Cookie: a=" + request.target.substr(4) + "\r\n");
    return ok(request.target);
  });
  Client client({.base_url = site.url(""), .cookies = true});
  std::atomic<int> right = 0;
  std::atomic<int> cancelled = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        Future<ClientResponse> call = client.get("/go/" + name);
        if (i % 5 == 0) call.cancel();
        if (i % 7 == 0) continue;  // dropped
        const auto result = call.wait();
        if (result && result->body == "/" + name) ++right;
        if (!result && result.error().code == ErrorCode::cancelled && i % 5 == 0) ++cancelled;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right + cancelled == 4 * (100 - 15));
}

TEST_CASE("S43: in a child old and new calls of a client are forked, and a new client works") {
  const Site site([](const ReceivedRequest& request) {
    return request.target == "/moved" ? redirect("/here") : ok("here");
  });
  SecondStep scene;
  ForkedChild child([&] {
    const Error old = error_of(scene.call);
    Future<ClientResponse> submitted = scene.client.get("/");
    const Error fresh = error_of(submitted);
    {
      const Client gone(std::move(scene.client));
    }
    Client another({.base_url = site.url("")});
    return first_false({old.code == ErrorCode::forked, fresh.code == ErrorCode::forked,
                        another.get("/moved").get().body == "here"});
  });
  CHECK(child.wait() == 0);
  scene.peer.send(ok("for the parent"));
  CHECK(scene.call.get().body == "for the parent");
}
