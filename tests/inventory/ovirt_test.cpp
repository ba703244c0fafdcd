#include "bindings/inventory/ovirt.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::inventory;

namespace {

const Collection& machines() { return ovirt_collections().front(); }

Ovirt with_sso() {
  return Ovirt({.url = "https://engine.example/ovirt-engine/api",
                .auth = OvirtSso{"admin@internal", "a&b c"}});
}

}  // namespace

TEST_CASE("the API's path is added to a bare host only") {
  CHECK(ovirt_base_url("https://h") == "https://h/ovirt-engine/api");
  CHECK(ovirt_base_url("https://h:8443/") == "https://h:8443/ovirt-engine/api");
  CHECK(ovirt_base_url("https://h/ovirt-engine/api/") == "https://h/ovirt-engine/api");
  CHECK(ovirt_base_url("http://h/proxy/api") == "http://h/proxy/api");
}

TEST_CASE("pages and parts are asked for as oVirt wants it") {
  const Ovirt ovirt({.url = "https://h", .page_size = 50});
  const Request page = ovirt.page(machines(), 3);
  CHECK(page.method == "GET");
  CHECK(page.url == "/vms?search=page%203&max=50");
  CHECK(page.headers.get("accept") == "application/json");
  CHECK(ovirt.part(machines(), "1/../2", machines().parts[0]).url ==
        "/vms/1%2F..%2F2/diskattachments");
}

TEST_CASE("Basic credentials and a given token travel in Authorization, without a login") {
  Request request;
  const Ovirt basic({.url = "https://h", .auth = OvirtBasic{"admin@internal", "secret"}});
  basic.authorize(request, {});
  CHECK(request.headers.get("authorization") == "Basic YWRtaW5AaW50ZXJuYWw6c2VjcmV0");
  CHECK_FALSE(basic.login());

  Request other;
  const Ovirt token({.url = "https://h", .auth = OvirtToken{"abc"}});
  token.authorize(other, {});
  CHECK(other.headers.get("authorization") == "Bearer abc");
  CHECK_FALSE(token.login());
}

TEST_CASE("the login is a form beside the API, and never repeated by the engine") {
  const auto login = with_sso().login();
  REQUIRE(login);
  CHECK(login->method == "POST");
  CHECK(login->url == "https://engine.example/ovirt-engine/sso/oauth/token");
  CHECK(login->headers.get("content-type") == "application/x-www-form-urlencoded");
  CHECK(login->body ==
        "grant_type=password&scope=ovirt-app-api&username=admin%40internal&password=a%26b%20c");
  CHECK(login->repeat == Repeat::by_method);
  Request request;
  with_sso().authorize(request, "t1");
  CHECK(request.headers.get("authorization") == "Bearer t1");
}

TEST_CASE("a login's answer is a token or a failure that shows no secret") {
  const Ovirt ovirt = with_sso();
  CHECK(ovirt.read_login({.status = 200, .body = R"({"access_token":"t"})"}) == "t");
  const auto refused = ovirt.read_login(
      {.status = 400, .body = R"({"error":"access_denied","error_description":"a&b c"})"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "login_failed");
  CHECK(refused.error().status == 400);
  CHECK(refused.error().message ==
        "the login was refused with status 400 (access_denied): check user and password");
  CHECK_FALSE(ovirt.read_login({.status = 200, .body = "<html>"}));
  CHECK_FALSE(ovirt.read_login({.status = 200, .body = R"({"access_token":""})"}));
}

TEST_CASE("sizes and flags are numbers and booleans in every version of oVirt") {
  const Ovirt ovirt({.url = "https://h"});
  const auto items = ovirt.read(
      "vm", R"({"vm":[{"id":"1","name":"12","memory":"1024","delete_protected":"false"}]})");
  REQUIRE(items);
  CHECK(items->at(0).text == R"({"id":"1","name":"12","memory":1024,"delete_protected":false})");
  CHECK(ovirt.read("vm", "<html>").error().code == "bad_json");
}
