// S49: what belongs to one origin never reaches another, whatever it is and wherever a redirect
// leads.

#include "headrace/client.hpp"
#include "tests/client/site.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

class FixedProvider final : public AuthProvider {
 public:
  Future<std::string> refresh() override {
    return Future<std::string>(Result<std::string>("Bearer secret-of-provider"));
  }
};

// A way for a credential to get into a request. Each of them contains "secret" on the wire.
struct Source {
  const char* name;
  std::function<void(ClientOptions&, Request&)> put;
  bool comes_back = false;  // belongs to the origin and goes there whatever led there
};

std::vector<Source> sources() {
  const auto by_request = [](const char* name) {
    return [name](ClientOptions&, Request& request) { request.headers.append(name, "secret"); };
  };
  const auto by_default = [](const char* name) {
    return [name](ClientOptions& options, Request&) { options.headers.append(name, "secret"); };
  };
  const auto by_option = [](auto credentials) {
    return [credentials](ClientOptions& options, Request&) {
      options.auth.push_back({.credentials = credentials});
    };
  };
  const auto sensitive = [](auto put) {
    return [put](ClientOptions& options, Request& request) {
      options.sensitive_headers = {"x-auth-TOKEN"};
      put(options, request);
    };
  };
  return {
      {"Authorization by request", by_request("authorization")},
      {"Authorization by default", by_default("Authorization"), true},
      {"Basic by option", by_option(BasicAuth{"user", "secret"}), true},
      {"Bearer by option", by_option(BearerAuth{"secret"}), true},
      {"token by provider", by_option(std::shared_ptr<AuthProvider>(new FixedProvider)), true},
      {"Cookie by request", by_request("Cookie")},
      {"Cookie by default", by_default("cookie"), true},
      {"Cookie from the jar", [](ClientOptions& options, Request&) { options.cookies = true; },
       true},
      {"Proxy-Authorization by request", by_request("Proxy-Authorization")},
      {"Proxy-Authorization by default", by_default("proxy-authorization"), true},
      {"marked field by request", sensitive(by_request("X-Auth-Token"))},
      {"marked field by default", sensitive(by_default("X-Auth-Token")), true},
      {"all at once",
       [=](ClientOptions& options, Request& request) {
         sensitive(by_request("X-Auth-Token"))(options, request);
         for (const char* name : {"Authorization", "Cookie", "Proxy-Authorization"}) {
           by_request(name)(options, request);
           by_default(name)(options, request);
         }
         by_option(BearerAuth{"secret"})(options, request);
         options.cookies = true;
       },
       true},
  };
}

// "user:secret" in Base64 reads otherwise.
bool has_secret(const ReceivedRequest& request) {
  return request.head.contains("secret") || request.head.contains("dXNlcjpzZWNyZXQ=");
}

// Sets a cookie and leads wherever the path says; "/end" is where it ends.
std::string lead(const ReceivedRequest& request, int status) {
  if (request.target.starts_with("/to?"))
    return redirect(request.target.substr(4), status, "Set-Cookie: session=secret; Path=/\r\n");
  return ok("end");
}

struct Sites {
  explicit Sites(int status)
      : answer([status](const ReceivedRequest& request) { return lead(request, status); }) {}

  Certificates certificates;
  Certificates::Files leaf = certificates.issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
  Site::Answer answer;
  Site plain{answer};
  Site other_plain{answer};
  Site secure{answer, showing(leaf)};

  ClientOptions options(std::string base) const {
    ClientOptions options{.base_url = std::move(base), .redirects_to_http = true};
    options.engine.tls.ca_file = certificates.ca_file();
    return options;
  }
};

}  // namespace

TEST_CASE("S49: a redirect to another origin carries no credentials, in every combination") {
  const int status = GENERATE(301, 302, 303, 307, 308);
  const Sites sites(status);
  struct Way {
    const char* name;
    std::string base;
    const Site& to;
    std::string target;
    bool leaves;
  };
  const std::vector<Way> ways = {
      {"same origin", sites.plain.url(""), sites.plain, "/end", false},
      {"same origin, absolute", sites.plain.url(""), sites.plain, sites.plain.url("/end"), false},
      {"same origin, https", sites.secure.url(""), sites.secure, sites.secure.url("/end"), false},
      {"other host", sites.plain.url(""), sites.plain, sites.plain.url_by_name("/end"), true},
      {"other host, https", sites.secure.url(""), sites.secure, sites.secure.url_by_name("/end"),
       true},
      {"other port", sites.plain.url(""), sites.other_plain, sites.other_plain.url("/end"), true},
      {"http to https", sites.plain.url(""), sites.secure, sites.secure.url("/end"), true},
      {"https to http", sites.secure.url(""), sites.plain, sites.plain.url("/end"), true},
      {"all three", sites.plain.url(""), sites.secure, sites.secure.url_by_name("/end"), true},
  };
  for (const Way& way : ways)
    for (const Source& source : sources()) {
      INFO(status << ", " << way.name << ", " << source.name);
      ClientOptions options = sites.options(way.base);
      Request request{.url = "/to?" + way.target};
      source.put(options, request);
      Client client(std::move(options));
      const ClientResponse response = client.submit(std::move(request)).get();
      CHECK(response.body == "end");
      CHECK(response.redirects == 1);
      CHECK(has_secret(way.to.last()) == !way.leaves);
    }
}

TEST_CASE(
    "S49: on the way back a request has what belongs to its origin, and lost what was its own") {
  const Sites sites(302);
  for (const Source& source : sources()) {
    INFO(source.name);
    ClientOptions options = sites.options(sites.plain.url(""));
    Request request{.url = "/to?" + sites.other_plain.url("/to?" + sites.plain.url("/end"))};
    source.put(options, request);
    Client client(std::move(options));
    CHECK(client.submit(std::move(request)).get().redirects == 2);
    CHECK_FALSE(has_secret(sites.other_plain.last()));
    CHECK(has_secret(sites.plain.last()) == source.comes_back);
  }
}

TEST_CASE("S49: default credentials go to base_url's origin only, also without any redirect") {
  const Sites sites(302);
  for (const Source& source : sources()) {
    if (!source.comes_back || std::string_view(source.name) == "all at once") continue;
    INFO(source.name);
    ClientOptions options = sites.options(sites.plain.url(""));
    Request request{.url = sites.other_plain.url("/end")};
    source.put(options, request);
    Client client(std::move(options));
    CHECK(client.submit(std::move(request)).get().body == "end");
    CHECK_FALSE(has_secret(sites.other_plain.last()));
  }
}

TEST_CASE("S49: each origin has its own credentials, also after a redirect") {
  const Sites sites(302);
  ClientOptions options = sites.options(sites.plain.url("/prefix/"));
  options.auth = {
      {.origin = sites.plain.url(""), .credentials = BasicAuth{"Aladdin", "open sesame"}},
      {.origin = sites.other_plain.url(""), .credentials = BearerAuth{"other"}}};
  Client client(options);
  CHECK(client.get(sites.plain.url("/to?" + sites.other_plain.url("/end"))).get().body == "end");
  CHECK(sites.plain.last().field("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(sites.other_plain.last().field("Authorization") == "Bearer other");
  client.get("/end", {{"Authorization", "mine"}}).get();
  CHECK(sites.plain.last().target == "/prefix/end");
  CHECK(sites.plain.last().field("Authorization") == "mine");
  client.get(sites.secure.url("/end")).get();
  CHECK_FALSE(sites.secure.last().field("Authorization"));
}

TEST_CASE("S49: a Host of the caller's own does not follow to another origin") {
  const Sites sites(307);
  Client client(sites.options(""));
  client.get(sites.plain.url("/to?/end"), {{"Host", "virtual.example"}}).get();
  CHECK(sites.plain.last().field("Host") == "virtual.example");
  client.get(sites.plain.url("/to?" + sites.other_plain.url("/end")), {{"Host", "virtual.example"}})
      .get();
  CHECK("http://" + sites.other_plain.last().field("Host").value() == sites.other_plain.url(""));
}
