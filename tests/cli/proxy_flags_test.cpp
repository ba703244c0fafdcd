// What the command line and the environment say of proxies.

#include "bindings/cli/proxy_flags.hpp"

#include <map>

#include "tests/cli/program.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace;
using namespace headrace::cli;
using namespace headrace::test;

namespace {

using Variables = std::map<std::string, std::string>;

Options finished(const ProxyFlags& flags, const Variables& variables) {
  Options options;
  const auto finished = finish_proxies(flags, options, [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
  REQUIRE(finished);
  return options;
}

}  // namespace

TEST_CASE("a proxy is written as curl's is; without a scheme it is http") {
  const auto parsed = parse_proxy("p:3128", "x");
  REQUIRE(parsed);
  CHECK(parsed->url == "http://p:3128");
  CHECK(parsed->user.empty());
  const auto known = parse_proxy("socks5h://me%40home:s%3Acr%65t@p", "x");
  REQUIRE(known);
  CHECK(known->url == "socks5h://p");
  CHECK(known->user == "me@home");
  CHECK(known->password == "s:cret");
  CHECK(parse_proxy("http://me@p", "x")->user == "me");
  CHECK(parse_proxy("", "x")->url.empty());
  for (const char* wrong : {"http://a%:secret@p", "http://a:secret%4@p", "http://a:secret%zz@p"}) {
    const auto refused = parse_proxy(wrong, "the environment variable http_proxy");
    CHECK((refused ? "accepted" : refused.error()) ==
          "the environment variable http_proxy has a % in user or password that encodes nothing: "
          "a % itself is %25");
  }
}

TEST_CASE("the environment's proxies are those that curl takes, in its order") {
  const auto http = [](const Variables& is) { return finished({}, is).http_proxy.url; };
  const auto https = [](const Variables& is) { return finished({}, is).https_proxy.url; };
  CHECK(http({{"http_proxy", "a"}}) == "http://a");
  CHECK(http({{"HTTP_PROXY", "a"}}).empty());
  CHECK(http({{"https_proxy", "a"}, {"HTTPS_PROXY", "a"}}).empty());
  CHECK(http({{"all_proxy", "a"}, {"ALL_PROXY", "b"}}) == "http://a");
  CHECK(http({{"http_proxy", ""}, {"ALL_PROXY", "b"}}) == "http://b");
  CHECK(http({{"http_proxy", "a"}, {"ALL_PROXY", "b"}}) == "http://a");
  CHECK(https({{"https_proxy", "a"}, {"HTTPS_PROXY", "b"}}) == "http://a");
  CHECK(https({{"HTTPS_PROXY", "b"}, {"all_proxy", "c"}}) == "http://b");
  CHECK(https({{"all_proxy", "socks5://c"}}) == "socks5://c");
  CHECK(https({{"http_proxy", "a"}}).empty());
  CHECK(finished({}, {{"no_proxy", "a"}, {"NO_PROXY", "b"}}).no_proxy == "a");
  CHECK(finished({}, {{"NO_PROXY", "b"}}).no_proxy == "b");
}

TEST_CASE("the command line comes before the environment") {
  const Variables set = {{"http_proxy", "a"}, {"https_proxy", "a"}, {"no_proxy", "b"}};
  const Options given = finished({.proxy = "c", .no_proxy = "d", .ca_file = "e"}, set);
  CHECK(given.http_proxy.url == "http://c");
  CHECK(given.https_proxy.url == "http://c");
  CHECK(given.no_proxy == "d");
  CHECK(given.http_proxy.tls.ca_file == "e");
  const Options none = finished({.proxy = "", .insecure = true}, set);
  CHECK(none.http_proxy.url.empty());
  CHECK(none.https_proxy.url.empty());
  CHECK(none.https_proxy.tls.insecure == Insecure::anything);
  CHECK(none.no_proxy == "b");
  CHECK(finished({.no_proxy = ""}, set).no_proxy.empty());
}

TEST_CASE("fetch goes by the environment's proxy, or by --proxy with a file's credentials") {
  ScriptedServer proxy;
  proxy.serve([](Peer& peer) {
    const ReceivedRequest request = peer.read_request();
    peer.send(ok("", "X-Seen: " + request.target + " " +
                         request.field("Proxy-Authorization").value_or("-") + "\r\n"));
    peer.expect_closed();
  });
  const TemporaryDirectory folder;
  write_file(folder / "user", "me:secret\n");
  const std::string address = "127.0.0.1:" + std::to_string(proxy.port());
  const auto fetch = [&](std::vector<std::string> flags, Variables variables) {
    flags.insert(flags.begin(), {"fetch", "--jsonl"});
    variables.try_emplace("no_proxy", "elsewhere");
    return headrace_program(flags,
                            R"({"id":"a","url":"http://cloud.example/x"})"
                            "\n",
                            variables);
  };
  const std::string seen = "\"http://cloud.example/x Basic bWU6c2VjcmV0\"";
  CHECK(fetch({}, {{"http_proxy", "http://me:secret@" + address}}).output.contains(seen));
  CHECK(fetch({"-x", address, "--proxy-user-file", (folder / "user").string()}, {})
            .output.contains(seen));
  CHECK(fetch({"--proxy", "http://" + address}, {{"http_proxy", "http://127.0.0.1:1"}})
            .output.contains("\"http://cloud.example/x -\""));

  const Finished refused = fetch({"--proxy", "http://me:secret@" + address}, {});
  CHECK(refused.status == 2);
  CHECK(refused.errors.contains("credentials may not stand on the command line"));
  CHECK_FALSE(refused.errors.contains("secret"));
  const Finished wrong = fetch({}, {{"http_proxy", "gopher://me:secret@p"}});
  CHECK(wrong.status == 2);
  CHECK(wrong.errors.contains("http_proxy.url does not begin with"));
  CHECK_FALSE(wrong.errors.contains("secret"));
}
