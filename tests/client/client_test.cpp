// The client against a server of the test's own: redirects, cookies, defaults, codings.

#include "headrace/client.hpp"

#include "tests/client/encode.hpp"
#include "tests/client/site.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/nginx.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// Says what it was asked; leads on from /<status>/...; counts down from /loop/<n>.
std::string play(const ReceivedRequest& request) {
  const std::string& target = request.target;
  if (target.size() > 4 && target[4] == '/' && target.starts_with("/3"))
    return redirect(target.substr(4), std::stoi(target.substr(1, 3)));
  if (target.starts_with("/loop/"))
    return redirect("/loop/" + std::to_string(std::stoi(target.substr(6)) + 1));
  return ok(request.method + " " + target + " " + request.body);
}

std::string text_of(Future<ClientResponse>& call) {
  Result<ClientResponse> result = call.wait();
  return result ? result->body : to_string(result.error());
}
std::string text_of(Future<ClientResponse>&& call) { return text_of(call); }

Error error_of(Future<ClientResponse> call) {
  Result<ClientResponse> result = call.wait();
  if (result) FAIL("expected an error, got status " << result->status);
  return result.error();
}

}  // namespace

TEST_CASE("a client follows redirects and says where it ended") {
  const Site site(play);
  Client client({.base_url = site.url("")});
  const ClientResponse response = client.get("/301/302/307/end?x=1#part").get();
  CHECK(response.status == 200);
  CHECK(response.body == "GET /end?x=1 ");
  CHECK(response.url == site.url("/end?x=1#part"));
  CHECK(response.redirects == 3);
  CHECK(response.not_followed.empty());
  CHECK(response.attempts == 1);
}

TEST_CASE("a body that comes from a source is sent once") {
  const Site site(play);
  Client client({.base_url = site.url("")});
  const auto post = [&](std::string_view path) {
    Request request{.method = "POST", .url = std::string(path)};
    request.body_source.emplace().next = [given = false]() mutable {
      return Future<std::string>(std::exchange(given, true) ? std::string() : std::string("hello"));
    };
    return client.submit(std::move(request));
  };
  CHECK(text_of(post("/end")) == "POST /end hello");
  CHECK(text_of(post("/303/end")) == "GET /end ");
  const ClientResponse kept = post("/307/end").get();
  CHECK(kept.status == 307);
  CHECK(kept.not_followed == "the request's body came from its source, which can't be asked again");
  CHECK(site.requests().size() == 4);
}

TEST_CASE("a body goes on with 307 and 308, and goes away with its fields when it becomes a GET") {
  const Site site(play);
  Client client({.base_url = site.url("")});
  const auto post = [&](std::string_view path) {
    return client.submit({.method = "POST",
                          .url = std::string(path),
                          .headers = {{"Content-Type", "text/plain"}, {"X-Mine", "1"}},
                          .body = "hello"});
  };
  CHECK(text_of(post("/307/308/end")) == "POST /end hello");
  CHECK(site.last().field("Content-Type") == "text/plain");
  CHECK(text_of(post("/307/303/end")) == "GET /end ");
  CHECK_FALSE(site.last().field("Content-Type"));
  CHECK_FALSE(site.last().field("Content-Length"));
  CHECK(site.last().field("X-Mine") == "1");
  CHECK(text_of(client.submit({.method = "HEAD", .url = "/303/end"})).empty());
  CHECK(site.last().method == "HEAD");
}

TEST_CASE("a redirect that is not followed is the answer, with the reason") {
  const Site site(play);
  Client client({.base_url = site.url(""), .redirects_max = 3});
  const ClientResponse loop = client.get("/loop/0").get();
  CHECK(loop.status == 302);
  CHECK(loop.redirects == 3);
  CHECK(loop.url == site.url("/loop/3"));
  CHECK(loop.not_followed == "3 redirects were followed, as many as redirects_max allows");
  CHECK(site.requests().size() == 4);

  const Site elsewhere([](const ReceivedRequest&) { return redirect("ftp://x/y"); });
  const ClientResponse other = client.get(elsewhere.url()).get();
  CHECK(other.status == 302);
  CHECK(other.not_followed == "Location: the URL's scheme is neither http nor https");

  Client none({.redirects_max = 0});
  CHECK(none.get(site.url("/302/end")).get().status == 302);
}

TEST_CASE("URLs are checked before anything is sent, and options before anything is done") {
  Client client;
  CHECK(error_of(client.get("/x")).code == ErrorCode::invalid_argument);
  CHECK(error_of(client.get("ftp://a/")).code == ErrorCode::invalid_argument);
  CHECK(error_of(client.get("http://user:secret@a/")).code == ErrorCode::invalid_argument);
  CHECK_FALSE(to_string(error_of(client.get("http://user:secret@a/"))).contains("secret"));
  CHECK(error_of(client.get("http://a/ b")).code == ErrorCode::invalid_argument);
  CHECK(error_of(client.submit({.url = "http://a/", .timeout = std::chrono::milliseconds(-1)}))
            .code == ErrorCode::invalid_argument);

  const auto refused = [](const ClientOptions& options) {
    try {
      const Client none(options);
    } catch (const Exception& exception) {
      return exception.error().code == ErrorCode::invalid_argument &&
             !exception.error().detail.contains("secret");
    }
    return false;
  };
  CHECK(refused({.base_url = "cloud.example"}));
  CHECK(refused({.base_url = "http://a/?secret"}));
  CHECK(refused({.auth = {{.credentials = BearerAuth{"secret"}}}}));
  CHECK(refused({.auth = {{.origin = "http://a/x", .credentials = BearerAuth{"secret"}}}}));
  CHECK(refused({.auth = {{.origin = "http://a", .credentials = BearerAuth{}}}}));
  CHECK(refused({.auth = {{.origin = "http://a", .credentials = BasicAuth{"a:b", "secret"}}}}));
  CHECK(
      refused({.auth = {{.origin = "http://a", .credentials = std::shared_ptr<AuthProvider>()}}}));
  CHECK(refused({.auth = {{.origin = "http://a", .credentials = BearerAuth{"secret"}},
                          {.origin = "http://A:80", .credentials = BearerAuth{"secret"}}}}));
  CHECK(refused({.timeout = std::chrono::milliseconds(-1)}));
  CHECK(refused({.engine = {.base_url = "http://a"}}));
  CHECK(refused({.engine = {.connections_max = 0}}));
}

TEST_CASE("default headers are sent where a request has none of the name") {
  const Site site(play);
  Client client({.base_url = site.url(""), .headers = {{"X-A", "1"}, {"X-B", "2"}, {"x-b", "3"}}});
  client.get("/", {{"x-a", "mine"}}).get();
  const std::string head = site.last().head;
  CHECK(head.contains("x-a: mine\r\n"));
  CHECK_FALSE(head.contains("X-A: 1"));
  CHECK(head.contains("X-B: 2\r\nx-b: 3\r\n"));
}

TEST_CASE("cookies are kept, sent back beside the request's own, and forgotten") {
  const Site site([](const ReceivedRequest& request) {
    if (request.target == "/set")
      return redirect("/end", 302, "Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/end\r\n");
    return ok();
  });
  Client client({.base_url = site.url(""), .cookies = true});
  client.get("/set").get();
  CHECK(site.last().field("Cookie") == "b=2; a=1");
  client.get("/x", {{"Cookie", "c=3"}}).get();
  CHECK(site.last().field("Cookie") == "c=3; a=1");
  client.clear_cookies();
  client.get("/x").get();
  CHECK_FALSE(site.last().field("Cookie"));

  Client without({.base_url = site.url("")});
  without.get("/set").get();
  CHECK_FALSE(site.last().field("Cookie"));
}

TEST_CASE("answers are asked for in codings that come off, unless the caller wants them raw") {
  const Site site([](const ReceivedRequest& request) {
    const std::string coding = request.target.substr(1, request.target.find('?') - 1);
    if (coding == "unknown") return ok("raw", "Content-Encoding: compress\r\n");
    if (coding == "junk") return ok("junk", "Content-Encoding: gzip\r\n");
    const std::string body = encode(coding == "raw" ? "raw deflate" : coding,
                                    request.target.contains("empty") ? "" : "decoded");
    return ok(body, "X-Kept: 1\r\nContent-Encoding: " +
                        std::string(coding_name(coding == "raw" ? "raw deflate" : coding)) +
                        "\r\n");
  });
  Client client({.base_url = site.url("")});
  for (const std::string& coding : codings()) {
    INFO(coding);
    const std::string path = "/" + coding.substr(0, coding.find(' '));
    const ClientResponse response = client.get(path).get();
    CHECK(response.body == "decoded");
    CHECK(response.body.capacity() >= response.body.size() + 64);
    CHECK_FALSE(response.headers.contains("Content-Encoding"));
    CHECK_FALSE(response.headers.contains("Content-Length"));
    CHECK(response.headers.get("X-Kept") == "1");
    CHECK(client.get(path + "?empty").get().body.empty());
  }
  CHECK(site.last().field("Accept-Encoding") == accept_encoding());
  CHECK(text_of(client.get("/unknown")) == "raw");
  CHECK(client.get("/unknown").get().headers.get("Content-Encoding") == "compress");
  CHECK(text_of(client.submit({.method = "HEAD", .url = "/gzip"})).empty());

  const Error junk = error_of(client.get("/junk"));
  CHECK(junk.code == ErrorCode::protocol_error);
  CHECK(junk.phase == Phase::body);
  CHECK(junk.progress == Progress::responding);
  CHECK(junk.safe_to_repeat);
  CHECK(junk.attempts == 1);
  CHECK(junk.origin == site.url(""));
  CHECK_FALSE(error_of(client.submit({.method = "POST", .url = "/junk"})).safe_to_repeat);

  client.get("/gzip", {{"Range", "bytes=0-"}}).get();
  CHECK_FALSE(site.last().field("Accept-Encoding"));
  client.get("/gzip", {{"accept-encoding", "gzip"}}).get();
  CHECK(site.last().field("Accept-Encoding") == "gzip");

  Client raw({.base_url = site.url(""), .decode = false});
  const ClientResponse coded = raw.get("/gzip").get();
  CHECK(coded.body == encode("gzip", "decoded"));
  CHECK(coded.headers.get("Content-Encoding") == "gzip");
  CHECK_FALSE(site.last().field("Accept-Encoding"));
}

TEST_CASE("S36: a zip bomb is an error of its call and of no other") {
  const std::string bomb = encode("gzip", std::string(std::size_t{16} << 20U, '\0'));
  const Site site([&](const ReceivedRequest& request) {
    return request.target == "/bomb" ? ok(bomb, "Content-Encoding: gzip\r\n") : ok("fine");
  });
  Client client({.base_url = site.url("")});
  std::vector<Future<ClientResponse>> calls =
      client.submit_all({{.url = "/1"}, {.url = "/bomb"}, {.url = "/2"}});
  CHECK(text_of(calls[0]) == "fine");
  CHECK(error_of(std::move(calls[1])).code == ErrorCode::body_too_large);
  CHECK(text_of(calls[2]) == "fine");
}

TEST_CASE("part of a coded body is handed over as it came") {
  const Site site([](const ReceivedRequest&) {
    return "HTTP/1.1 206 Partial Content\r\nContent-Encoding: gzip\r\nContent-Length: "
           "4\r\n\r\npart";
  });
  Client client;
  CHECK(text_of(client.get(site.url())) == "part");
}

TEST_CASE("S18: the engine's retries of answers hold for each step") {
  std::atomic<int> asked = 0;
  const Site site([&](const ReceivedRequest& request) {
    if (request.target == "/end" && ++asked == 1)
      return std::string("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
    return request.target == "/end" ? ok("at last") : redirect("/end");
  });
  Client client({.base_url = site.url(""), .engine = {.retry_statuses = {503}}});
  const ClientResponse response = client.get("/start").get();
  CHECK(response.body == "at last");
  CHECK(response.attempts == 2);
  CHECK(site.count("/start") == 1);
}

TEST_CASE("nginx: what it codes comes off, and pipelined so") {
  const Nginx server({.gzip = true});
  Client client({.engine = {.connections_max = 2, .pipeline_depth = 5}});
  std::vector<Future<ClientResponse>> calls;
  for (std::size_t i = 0; i < 200; ++i)
    calls.push_back(client.get(server.url(WebServer::path_of(i))));
  std::size_t right = 0;
  for (std::size_t i = 0; i < calls.size(); ++i)
    right += text_of(calls[i]) == WebServer::body_of(i) ? 1U : 0U;
  CHECK(right == 200);
  Client raw({.headers = {{"Accept-Encoding", "gzip"}}, .decode = false});
  const ClientResponse coded = raw.get(server.url(WebServer::path_of(0))).get();
  CHECK(coded.headers.get("Content-Encoding") == "gzip");
  CHECK(decode("gzip", coded.body).value() == WebServer::body_of(0));
}
