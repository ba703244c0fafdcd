// Tokens that don't last, from a provider that logs in over HTTP.

#include <atomic>
#include <optional>

#include "headrace/client.hpp"
#include "headrace/detail/promise.hpp"
#include "tests/client/site.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// Gives tokens "1", "2", ... for a login, and lets in who has the last one.
class Cloud {
 public:
  Site site{[this](const ReceivedRequest& request) { return answer(request); }};
  std::atomic<int> logins = 0;
  std::atomic<bool> lets_nobody_in = false;
  std::atomic<bool> refuses_logins = false;

  void expire() { ++valid_; }
  std::size_t refusals() const { return refusals_; }

 private:
  std::string answer(const ReceivedRequest& request) {
    if (request.target == "/login") {
      if (refuses_logins) return "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n";
      valid_ = ++logins;
      return ok(std::to_string(logins));
    }
    const std::string wanted = "Bearer " + std::to_string(valid_);
    if (lets_nobody_in || request.field("Authorization") != wanted) {
      ++refusals_;
      return unauthorized();
    }
    return ok(request.target + " " + request.body);
  }

  std::atomic<int> valid_ = 0;
  std::atomic<std::size_t> refusals_ = 0;
};

// A login is a request as any other, and nobody waits for it.
class Login final : public AuthProvider {
 public:
  Login(Engine& engine, std::string url) : engine_(engine), url_(std::move(url)) {}

  Future<std::string> refresh() override {
    ++asked;
    return engine_.submit({.method = "POST", .url = url_}).then([](Result<Response> answer) {
      if (!answer) throw Exception(answer.error());
      if (answer->status != 200)
        throw Exception({.code = ErrorCode::wrong_answer, .detail = "the login was refused"});
      return "Bearer " + answer->body;
    });
  }

  std::atomic<int> asked = 0;

 private:
  Engine& engine_;
  std::string url_;
};

struct Scene {
  Cloud cloud;
  std::shared_ptr<Engine> engine =
      std::make_shared<Engine>(Options{.connections_max = 8, .pipeline_depth = 4});
  std::shared_ptr<Login> login = std::make_shared<Login>(*engine, cloud.site.url("/login"));
  Client client{engine,
                {.base_url = cloud.site.url(""),
                 .auth = {{.credentials = std::shared_ptr<AuthProvider>(login)}}}};

  std::size_t answered(int count) {
    std::vector<Future<ClientResponse>> calls;
    for (int i = 0; i < count; ++i) calls.push_back(client.get("/" + std::to_string(i)));
    std::size_t right = 0;
    for (int i = 0; i < count; ++i) {
      const auto result = calls[static_cast<std::size_t>(i)].wait();
      right += result && result->body == "/" + std::to_string(i) + " " ? 1U : 0U;
    }
    return right;
  }
};

// A provider whose answer the test gives.
class ByHand final : public AuthProvider {
 public:
  Future<std::string> refresh() override {
    ++asked;
    promised.emplace();
    return promised->future();
  }
  std::atomic<int> asked = 0;
  std::optional<detail::Promise<std::string>> promised;
};

struct HandScene {
  Site site{[](const ReceivedRequest& request) {
    return request.field("Authorization") ? ok("in") : unauthorized();
  }};
  std::shared_ptr<ByHand> provider = std::make_shared<ByHand>();
  ClientOptions options{.base_url = site.url(""),
                        .auth = {{.credentials = std::shared_ptr<AuthProvider>(provider)}}};
};

ErrorCode code_of(Future<ClientResponse>& call) {
  const auto result = call.wait();
  if (result) FAIL("expected an error, got status " << result->status);
  return result.error().code;
}

}  // namespace

TEST_CASE("S42: fifty first requests cause one login") {
  Scene scene;
  CHECK(scene.answered(50) == 50);
  CHECK(scene.login->asked == 1);
  CHECK(scene.cloud.refusals() == 0);
}

TEST_CASE(
    "S42: fifty concurrent 401s cause one login for each epoch, and each is sent again once") {
  Scene scene;
  CHECK(scene.answered(1) == 1);
  for (int epoch = 2; epoch < 6; ++epoch) {
    scene.cloud.expire();
    CHECK(scene.answered(50) == 50);
    CHECK(scene.login->asked == epoch);
    CHECK(scene.cloud.logins == epoch);
  }
  CHECK(scene.cloud.site.requests().size() <= 1 + 4 * 100 + 5);
}

TEST_CASE("S42: a request that is refused with the new token too has that for an answer") {
  Scene scene;
  CHECK(scene.answered(1) == 1);
  scene.cloud.lets_nobody_in = true;
  std::vector<Future<ClientResponse>> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(scene.client.get("/no"));
  for (Future<ClientResponse>& call : calls) CHECK(call.get().status == 401);
  CHECK(scene.cloud.site.count("/no") == 100);
  CHECK(scene.login->asked <= 3);  // calls that came late were first refused with the second token
}

TEST_CASE("a POST is sent again for a new token, one that must not be repeated is not") {
  Scene scene;
  CHECK(scene.answered(1) == 1);
  scene.cloud.expire();
  CHECK(
      scene.client.submit({.method = "POST", .url = "/p", .body = "x", .repeat = Repeat::forbidden})
          .get()
          .status == 401);
  CHECK(scene.cloud.site.count("/p") == 1);
  CHECK(scene.client.submit({.method = "POST", .url = "/q", .body = "x"}).get().body == "/q x");
  CHECK(scene.cloud.site.count("/q") == 2);

  scene.cloud.expire();
  Request once{.method = "POST", .url = "/r"};
  once.body_source =
      BodySource{.next = [] { return Future<std::string>(std::string("x")); }, .length = 1};
  CHECK(scene.client.submit(once).get().status == 401);
  CHECK(scene.cloud.site.count("/r") == 1);
}

TEST_CASE("a login that fails is the error of who waits for it, and the next request tries again") {
  Scene scene;
  scene.cloud.refuses_logins = true;
  std::vector<Future<ClientResponse>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(scene.client.get("/x"));
  for (Future<ClientResponse>& call : calls) {
    const auto result = call.wait();
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == ErrorCode::wrong_answer);
    CHECK(result.error().progress == Progress::queued);
    CHECK(result.error().safe_to_repeat);
    CHECK(result.error().origin == scene.cloud.site.url(""));
  }
  CHECK(scene.cloud.site.count("/x") == 0);
  scene.cloud.refuses_logins = false;
  CHECK(scene.answered(10) == 10);
}

TEST_CASE("a provider may know at once, throw, or give nothing") {
  class Odd final : public AuthProvider {
   public:
    Future<std::string> refresh() override {
      if (++asked == 1) throw std::runtime_error("no idea");
      if (asked == 2) return {};
      return Future<std::string>(Result<std::string>("Bearer x"));
    }
    int asked = 0;
  };
  HandScene scene;
  scene.options.auth[0].credentials = std::shared_ptr<AuthProvider>(new Odd);
  Client client(scene.options);
  Future<ClientResponse> thrown = client.get("/");
  CHECK(code_of(thrown) == ErrorCode::internal);
  Future<ClientResponse> nothing = client.get("/");
  CHECK(code_of(nothing) == ErrorCode::invalid_argument);
  CHECK(client.get("/").get().body == "in");
}

TEST_CASE("who waits for a token may be cancelled or time out, and the others get it") {
  HandScene scene;
  Client client(scene.options);
  Future<ClientResponse> kept = client.get("/1");
  Future<ClientResponse> cancelled = client.get("/2");
  Future<ClientResponse> late =
      client.submit({.url = "/3", .timeout = std::chrono::milliseconds(1)});
  Future<ClientResponse> endless =
      client.submit({.url = "/4", .timeout = std::chrono::milliseconds(0)});
  {
    const Future<ClientResponse> dropped = client.get("/5");
  }
  cancelled.cancel();
  CHECK(code_of(cancelled) == ErrorCode::cancelled);
  CHECK(code_of(late) == ErrorCode::timed_out);
  CHECK_FALSE(kept.ready());
  endless.cancel();
  CHECK(code_of(endless) == ErrorCode::cancelled);
  scene.provider->promised->complete("Bearer x");
  CHECK(kept.get().body == "in");
  CHECK(scene.provider->asked == 1);
  CHECK(scene.site.requests().size() == 1);
}

TEST_CASE("S41: callbacks of calls that wait for a token run after it, and may submit") {
  HandScene scene;
  Client client(scene.options);
  std::atomic<int> done = 0;
  Future<int> chained = client.get("/1").then([&](Result<ClientResponse> first) {
    Future<ClientResponse> second = client.get("/2");
    ++done;
    second.detach();
    return first->status;
  });
  scene.provider->promised->complete("Bearer x");
  CHECK(chained.get() == 200);
  CHECK(done == 1);
  CHECK(client.get("/3").get().body == "in");
}

TEST_CASE("S1: a client that goes ends who waits for a token, and asks the provider to stop") {
  HandScene scene;
  std::vector<Future<ClientResponse>> calls;
  {
    Client client(scene.options);
    for (int i = 0; i < 20; ++i) calls.push_back(client.get("/"));
  }
  for (Future<ClientResponse>& call : calls) {
    CHECK(call.ready());
    CHECK(code_of(call) == ErrorCode::closed);
  }
  CHECK(scene.provider->promised->cancels() == 1);
  scene.provider->promised->complete("Bearer late");  // reaches nobody
  CHECK(scene.site.requests().empty());
}
