#include "bindings/inventory/collect.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>

#include "bindings/cli/sample/ovirt.hpp"
#include "bindings/cli/sample/server.hpp"
#include "bindings/inventory/ovirt.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::inventory;
using sample::Answer;
using sample::OvirtService;

namespace {

class Kept final : public Sink {
 public:
  bool on_row(Row row) override {
    rows.push_back(std::move(row));
    return rows.size() < rows_max;
  }
  bool on_error(RowError error) override {
    errors.push_back(std::move(error));
    return true;
  }

  std::vector<Row> rows;
  std::vector<RowError> errors;
  std::size_t rows_max = 1'000'000;
};

// Answers like the service, but where a fault says otherwise.
using Fault = std::function<std::optional<Answer>(const sample::Request&)>;

struct Cloud {
  explicit Cloud(std::size_t machines, Fault fault = {},
                 std::chrono::nanoseconds delay = std::chrono::milliseconds(1))
      : service(machines),
        server(
            [this, fault = std::move(fault)](const sample::Request& request) {
              if (fault)
                if (auto answer = fault(request)) return *answer;
              return service(request);
            },
            delay) {}

  OvirtService service;
  sample::Server server;
};

OvirtBasic basic() {
  return {std::string(OvirtService::user), std::string(OvirtService::password)};
}
OvirtSso sso() { return {std::string(OvirtService::user), std::string(OvirtService::password)}; }

struct Collected {
  Report report;
  std::vector<Row> rows;
  std::vector<RowError> errors;
};

Collected run(const Cloud& cloud, OvirtAuth auth, std::size_t page_size = 100,
              std::span<const Collection> collections = ovirt_collections().first(1),
              CollectOptions options = {}) {
  Engine engine({.base_url = ovirt_base_url(cloud.server.origin()),
                 .connections_max = 4,
                 .pipeline_depth = 8});
  const Ovirt ovirt(
      {.url = cloud.server.origin(), .auth = std::move(auth), .page_size = page_size});
  Kept kept;
  Report report = collect(engine, ovirt, collections, kept, {}, options);
  return {std::move(report), std::move(kept.rows), std::move(kept.errors)};
}

std::vector<std::string> texts(const std::vector<Row>& rows) {
  std::vector<std::string> made;
  for (const Row& row : rows) made.push_back(to_json(row));
  std::ranges::sort(made);
  return made;
}

}  // namespace

TEST_CASE("an inventory is whole: every machine once, with all its parts") {
  const Cloud cloud(37);
  const Collected got = run(cloud, basic());
  CHECK(got.errors.empty());
  REQUIRE(got.rows.size() == 37);
  std::set<std::string> ids;
  for (const Row& row : got.rows) {
    ids.insert(row.item.id);
    REQUIRE(row.parts.size() == 3);
    CHECK(row.parts[0].items->size() == 1);
    CHECK(row.parts[1].items->size() == 2);
    CHECK(row.parts[2].items->size() <= 1);
  }
  CHECK(ids.size() == 37);
  CHECK(got.report.complete());
  CHECK(got.report.requests == 1 + 3 * 37);
  CHECK(cloud.server.requests() == 1 + 3 * 37);
}

TEST_CASE("pages change nothing about the rows, whatever their size and the room") {
  const Cloud cloud(60);
  const auto expected = texts(run(cloud, basic()).rows);
  for (const std::size_t page_size : {1U, 7U, 30U, 59U, 60U, 61U}) {
    CAPTURE(page_size);
    const Collected got =
        run(cloud, basic(), page_size, ovirt_collections().first(1), {.open_rows_max = 20});
    CHECK(texts(got.rows) == expected);
    CHECK(got.report.complete());
  }
}

TEST_CASE("all collections are read beside each other") {
  const Cloud cloud(5);
  const Collected got = run(cloud, basic(), 2, ovirt_collections());
  CHECK(got.errors.empty());
  CHECK(got.rows.size() == 5 + 3 + 3 + 5 + 5);
  REQUIRE(got.report.collections.size() == 5);
  CHECK(got.report.collections[3].name == "storagedomains");
  CHECK(got.report.collections[3].rows == 5);
  CHECK(got.report.complete());
}

TEST_CASE("a part that fails is an error of its own, its row and all others stay") {
  const Cloud cloud(10, [](const sample::Request& request) -> std::optional<Answer> {
    if (request.target.ends_with("003/nics")) return Answer{.status = 500};
    if (request.target.ends_with("004/permissions")) return Answer{.body = R"({"permission":[)"};
    return std::nullopt;
  });
  const Collected got = run(cloud, basic());
  CHECK(got.rows.size() == 10);
  REQUIRE(got.errors.size() == 2);
  const auto& status = got.errors[got.errors[0].part == "nics" ? 0 : 1];
  const auto& json = got.errors[got.errors[0].part == "nics" ? 1 : 0];
  CHECK(status.failure.code == "http_status");
  CHECK(status.failure.status == 500);
  CHECK(status.id == "00000000-0000-4000-8000-000000000003");
  CHECK(json.failure.code == "bad_json");
  CHECK(json.part == "permissions");
  const auto row =
      std::ranges::find(got.rows, *status.id, [](const Row& one) { return one.item.id; });
  REQUIRE(row != got.rows.end());
  CHECK(row->parts[0].items);
  CHECK_FALSE(row->parts[1].items);
  CHECK(got.report.collections[0].completeness == Completeness::partial);
  CHECK(got.report.collections[0].errors == 2);
}

TEST_CASE("a collection whose list fails is failed, the others are complete") {
  const Cloud cloud(3, [](const sample::Request& request) -> std::optional<Answer> {
    if (request.target.find("/hosts") != std::string::npos) return Answer{.body = "<html>"};
    return std::nullopt;
  });
  const Collected got = run(cloud, basic(), 100, ovirt_collections());
  REQUIRE(got.errors.size() == 1);
  CHECK(got.errors[0].collection == "hosts");
  CHECK(got.errors[0].page == 1U);
  CHECK(got.errors[0].failure.code == "bad_json");
  CHECK(got.report.collections[1].completeness == Completeness::failed);
  CHECK(got.report.collections[0].completeness == Completeness::complete);
  CHECK_FALSE(got.report.complete());
}

TEST_CASE("a page lost in the middle is named, one behind the end is not missed") {
  const auto losing = [](std::string page) {
    return [page](const sample::Request& request) -> std::optional<Answer> {
      if (request.target.find("page%20" + page + "&") != std::string::npos)
        return Answer{.status = 500};
      return std::nullopt;
    };
  };
  const Collected middle = run(Cloud(25, losing("2")), basic(), 10);
  CHECK(middle.rows.size() == 15);
  REQUIRE(middle.errors.size() == 1);
  CHECK(middle.errors[0].page == 2U);
  CHECK(middle.report.collections[0].completeness == Completeness::partial);

  const Collected behind = run(Cloud(15, losing("3")), basic(), 10);
  CHECK(behind.rows.size() == 15);
  CHECK(behind.errors.empty());
  CHECK(behind.report.complete());
}

TEST_CASE("a server that ignores page numbers gives each machine once and an end") {
  const Cloud cloud(10, [](const sample::Request& request) -> std::optional<Answer> {
    if (request.target.find("/vms?") == std::string::npos) return std::nullopt;
    return Answer{.body = R"({"vm":[{"id":"a"},{"id":"b"}]})"};
  });
  const Collected got = run(cloud, basic(), 2);
  CHECK(got.rows.size() == 2);
}

TEST_CASE("an item without id is an error, not a crash") {
  const Cloud cloud(1, [](const sample::Request& request) -> std::optional<Answer> {
    if (request.target.find("/vms?") == std::string::npos) return std::nullopt;
    return Answer{.body = R"({"vm":[{"name":"x"}]})"};
  });
  const Collected got = run(cloud, basic());
  CHECK(got.rows.empty());
  REQUIRE(got.errors.size() == 1);
  CHECK(got.errors[0].failure.code == "bad_item");
}

TEST_CASE("a refused password is named and asks nobody a second time") {
  const Cloud cloud(5);
  const Collected got = run(cloud, OvirtBasic{"admin@internal", "wrong"});
  CHECK(got.rows.empty());
  REQUIRE(got.errors.size() == 1);
  CHECK(got.errors[0].failure.status == 401);
  CHECK(got.errors[0].failure.message.find("wrong") == std::string::npos);
  CHECK(cloud.server.requests() == 1);
}

TEST_CASE("S42: one login serves a whole inventory") {
  const Cloud cloud(20);
  const Collected got = run(cloud, sso(), 5, ovirt_collections());
  CHECK(got.errors.empty());
  CHECK(got.report.complete());
  CHECK(cloud.service.logins() == 1);
}

TEST_CASE(
    "S42: a token that expires under many requests costs one login, each is sent again once") {
  // The machines' list is answered, and then its token is worth nothing: their parts are refused.
  OvirtService* service = nullptr;
  std::atomic<std::size_t> refused = 0;
  Cloud cloud(90, [&](const sample::Request& request) -> std::optional<Answer> {
    Answer answer = (*service)(request);
    if (request.target.find("/vms?") != std::string::npos) service->expire_tokens();
    if (answer.status == 401) ++refused;
    return answer;
  });
  service = &cloud.service;
  const Collected got = run(cloud, sso());
  CHECK(got.errors.empty());
  CHECK(got.rows.size() == 90);
  CHECK(cloud.service.logins() == 2);
  CHECK(refused > 1);
  CHECK(refused <= 270);
  CHECK(cloud.server.requests() == 2 + 1 + 270 + refused);
  CHECK(got.report.requests == cloud.server.requests());
}

TEST_CASE("S42: a refused login fails every collection, after one attempt") {
  const Cloud cloud(5);
  const Collected got = run(cloud, OvirtSso{"admin@internal", "wrong"}, 100, ovirt_collections());
  CHECK(got.rows.empty());
  CHECK(got.errors.size() == 5);
  for (const RowError& error : got.errors) CHECK(error.failure.code == "login_failed");
  CHECK(cloud.server.requests() == 1);
}

TEST_CASE("S42: requests that a fresh token does not help fail, with one login more") {
  const Cloud cloud(5, [](const sample::Request& request) -> std::optional<Answer> {
    if (request.target.find("/api/") == std::string::npos) return std::nullopt;
    return Answer{.status = 401};
  });
  const Collected got = run(cloud, sso(), 100, ovirt_collections());
  CHECK(got.errors.size() == 5);
  for (const RowError& error : got.errors) CHECK(error.failure.status == 401);
  CHECK(cloud.service.logins() == 2);
  CHECK(cloud.server.requests() == 2 + 2 * 5);
}

TEST_CASE("a sink that is full and a stop request end a collection early") {
  const Cloud cloud(50);
  Engine engine({.base_url = ovirt_base_url(cloud.server.origin())});
  const Ovirt ovirt({.url = cloud.server.origin(), .auth = basic()});
  Kept kept;
  kept.rows_max = 3;
  const Report full = collect(engine, ovirt, ovirt_collections().first(1), kept);
  CHECK(full.interrupted);
  CHECK(kept.rows.size() == 3);

  std::stop_source stop;
  stop.request_stop();
  Kept none;
  const Report stopped =
      collect(engine, ovirt, ovirt_collections().first(1), none, stop.get_token());
  CHECK(stopped.interrupted);
  CHECK_FALSE(stopped.complete());
  CHECK(none.rows.empty());
}

TEST_CASE("an engine that is closed makes errors, not a hang") {
  const Cloud cloud(5);
  Engine engine({.base_url = ovirt_base_url(cloud.server.origin())});
  engine.shut_down(std::chrono::milliseconds(0));
  const Ovirt ovirt({.url = cloud.server.origin(), .auth = basic()});
  Kept kept;
  const Report report = collect(engine, ovirt, ovirt_collections().first(1), kept);
  CHECK(report.collections[0].completeness == Completeness::failed);
  REQUIRE(kept.errors.size() == 1);
  CHECK(kept.errors[0].failure.code == "closed");
}
