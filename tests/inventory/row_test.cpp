#include "bindings/inventory/row.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::inventory;

TEST_CASE("a row is one line of JSON; a part that could not be had is null") {
  const Row row{
      .collection = "vms",
      .item = {.id = "1", .name = "a\"b", .text = R"({"id":"1"})"},
      .parts = {{.name = "nics",
                 .items = std::vector<json::Item>{{.text = R"({"n":1})"}, {.text = "{}"}}},
                {.name = "none", .items = std::vector<json::Item>{}},
                {.name = "lost"}}};
  CHECK(to_json(row) == R"({"collection":"vms","id":"1","name":"a\"b","data":{"id":"1"},)"
                        R"("nics":[{"n":1},{}],"none":[],"lost":null})");
}

TEST_CASE("an error is one line of JSON that names what is missing") {
  CHECK(to_json(RowError{.collection = "vms",
                         .id = "1",
                         .part = "nics",
                         .failure = {.code = "http_status", .message = "no\n", .status = 500}}) ==
        R"({"collection":"vms","id":"1","part":"nics",)"
        R"("error":{"code":"http_status","message":"no\n","status":500}})");
  CHECK(to_json(RowError{
            .collection = "vms", .page = 3, .failure = {.code = "timed_out", .message = "late"}}) ==
        R"({"collection":"vms","id":null,"page":3,"error":{"code":"timed_out","message":"late"}})");
}

TEST_CASE("a report is complete when all its collections are and nobody stopped it") {
  Report report{.collections = {{.name = "vms", .completeness = Completeness::complete}}};
  CHECK(report.complete());
  report.interrupted = true;
  CHECK_FALSE(report.complete());
  report.interrupted = false;
  report.collections.push_back({.name = "hosts", .completeness = Completeness::partial});
  CHECK_FALSE(report.complete());
}
