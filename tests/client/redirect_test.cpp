#include "bindings/client/redirect.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::client;

namespace {

Response answer(int status, std::string_view location) {
  Response response{.status = status};
  response.headers.append("Location", location);
  return response;
}

// "GET http://b/x", with " elsewhere" behind it when it leaves the origin; or why not; or "".
std::string followed(const Response& response, std::string_view from, std::string_view method,
                     unsigned redirects = 0, RedirectRules rules = {}) {
  const auto result = redirect_of(response, parse_url(from).value(), method, redirects, rules);
  if (!result) return "no: " + result.error();
  if (!*result) return "";
  return ((*result)->becomes_get ? "GET " : std::string(method) + " ") + to_string((*result)->to) +
         ((*result)->leaves_origin ? " elsewhere" : "");
}

}  // namespace

TEST_CASE("which method follows a redirect (RFC 9110 §15.4)") {
  const auto [status, method, expected] = GENERATE(table<int, std::string, std::string>({
      {301, "GET", "GET"},       {301, "HEAD", "HEAD"},     {301, "POST", "GET"},
      {301, "PUT", "PUT"},       {301, "DELETE", "DELETE"}, {302, "GET", "GET"},
      {302, "HEAD", "HEAD"},     {302, "POST", "GET"},      {302, "PUT", "PUT"},
      {303, "GET", "GET"},       {303, "HEAD", "HEAD"},     {303, "POST", "GET"},
      {303, "PUT", "GET"},       {303, "DELETE", "GET"},    {307, "GET", "GET"},
      {307, "HEAD", "HEAD"},     {307, "POST", "POST"},     {307, "PUT", "PUT"},
      {308, "GET", "GET"},       {308, "HEAD", "HEAD"},     {308, "POST", "POST"},
      {308, "DELETE", "DELETE"},
  }));
  INFO(status << ' ' << method);
  CHECK(followed(answer(status, "/x"), "http://a/", method) == expected + " http://a/x");
}

TEST_CASE("other answers are no redirects") {
  for (const int status : {200, 201, 300, 304, 305, 306, 309, 404}) {
    INFO(status);
    CHECK(followed(answer(status, "/x"), "http://a/", "GET").empty());
  }
  CHECK(followed({.status = 302}, "http://a/", "GET").empty());
}

TEST_CASE("what is not followed says why") {
  CHECK(followed(answer(302, "/x"), "http://a/", "GET", 10) ==
        "no: 10 redirects were followed, as many as redirects_max allows");
  CHECK(followed(answer(302, "/x"), "http://a/", "GET", 0, {.max = 0}) ==
        "no: 0 redirects were followed, as many as redirects_max allows");
  CHECK(followed(answer(302, "http://a/x"), "https://a/", "GET") ==
        "no: it leads from https to http: redirects_to_http allows that");
  CHECK(followed(answer(302, "http://a/x"), "https://a/", "GET", 0, {.to_http = true}) ==
        "GET http://a/x elsewhere");
  CHECK(followed(answer(302, "http://u:secret@a/x"), "http://a/", "GET") ==
        "no: Location: the URL has a user name or password");
  Response twice = answer(302, "/x");
  twice.headers.append("location", "/y");
  CHECK(followed(twice, "http://a/", "GET") == "no: the answer has more than one Location");
}

TEST_CASE("a redirect inherits the fragment (RFC 9110 §10.2.2)") {
  CHECK(followed(answer(302, "/x"), "http://a/#f", "GET") == "GET http://a/x#f");
  CHECK(followed(answer(302, "/x#g"), "http://a/#f", "GET") == "GET http://a/x#g");
}
