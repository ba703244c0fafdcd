#include <set>

#include "bindings/cli/sample/ovirt.hpp"
#include "bindings/cli/sample/server.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace headrace::test;
namespace sample = headrace::sample;

namespace {

struct Cloud {
  sample::OvirtService service{4};
  sample::Server server{std::ref(service), std::chrono::milliseconds(1)};
  TemporaryDirectory directory;

  std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
    std::vector<std::string> made = {"inventory", "ovirt", "--url", server.origin()};
    made.insert(made.end(), more.begin(), more.end());
    return made;
  }

  std::string file(std::string_view name, std::string_view text) const {
    write_file(directory / name, text);
    return (directory / name).string();
  }
};

const std::string user(sample::OvirtService::user);
const std::string password(sample::OvirtService::password);

}  // namespace

TEST_CASE("an inventory is one line of JSON for each thing, and a summary beside it") {
  const Cloud cloud;
  const std::string file = cloud.file("password", password + "\n");
  for (const std::string auth : {"basic", "sso"}) {
    CAPTURE(auth);
    const Finished finished = headrace_program(cloud.arguments(
        {"--user", user, "--password-file", file, "--auth", auth, "--page-size", "3"}));
    CHECK(finished.status == 0);
    const auto rows = objects(finished.output);
    CHECK(rows.size() == 4 + 3 + 3 + 5 + 5);
    std::multiset<std::string> collections;
    for (const auto& row : rows) {
      collections.insert(text(row, "collection"));
      if (text(row, "collection") == "vms") CHECK(member(row, "nics").items.size() == 2);
      CHECK(text(member(row, "data"), "id") == text(row, "id"));
    }
    CHECK(collections.count("vms") == 4);
    CHECK(finished.errors.find("vms: 4 rows, 0 errors, complete") != std::string::npos);
  }
  CHECK(cloud.service.logins() == 1);
}

TEST_CASE("the password may come from the environment, the collections may be chosen") {
  const Cloud cloud;
  const Finished finished =
      headrace_program(cloud.arguments({"--user", user, "--collections", "hosts"}), {},
                       {{"HEADRACE_PASSWORD", password}});
  CHECK(finished.status == 0);
  CHECK(objects(finished.output).size() == 3);
}

TEST_CASE("a wrong password fails with 1, an error line, and is never shown") {
  const Cloud cloud;
  for (const std::string auth : {"basic", "sso"}) {
    const Finished finished =
        headrace_program(cloud.arguments({"--user", user, "--auth", auth, "--collections", "vms"}),
                         {}, {{"HEADRACE_PASSWORD", "hunter2"}});
    CHECK(finished.status == 1);
    const auto rows = objects(finished.output);
    REQUIRE(rows.size() == 1);
    CHECK(code(rows[0]) == (auth == "sso" ? "login_failed" : "http_status"));
    CHECK((finished.output + finished.errors).find("hunter2") == std::string::npos);
    CHECK(finished.errors.find("vms: 0 rows, 1 errors, failed") != std::string::npos);
  }
}

TEST_CASE("a given token is used as it is") {
  const Cloud cloud;
  const Finished finished = headrace_program(cloud.arguments(
      {"--token-file", cloud.file("token", "token-1\r\n"), "--collections", "vms"}));
  CHECK(finished.status == 1);
  CHECK(code(objects(finished.output).at(0)) == "http_status");
  CHECK(cloud.service.logins() == 0);
}

TEST_CASE("without a password nothing is asked of anybody") {
  const Cloud cloud;
  const Finished none = headrace_program(cloud.arguments({"--user", user}));
  CHECK(none.status == 2);
  CHECK(none.errors.find("HEADRACE_PASSWORD") != std::string::npos);
  const Finished missing =
      headrace_program(cloud.arguments({"--user", user, "--password-file", "/nonexistent"}));
  CHECK(missing.status == 2);
  CHECK(missing.errors.find("/nonexistent") != std::string::npos);
  const Finished empty = headrace_program(
      cloud.arguments({"--user", user, "--password-file", cloud.file("empty", "\n")}));
  CHECK(empty.status == 2);
  CHECK(cloud.server.requests() == 0);
}
