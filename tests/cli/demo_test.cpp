#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace headrace::test;

TEST_CASE("the demo fetches the same inventory in three ways") {
  const Finished finished = headrace_program({"demo", "--json", "--machines", "6", "--delay-ms",
                                              "1", "--connections", "2", "--pipeline", "3"});
  CHECK(finished.status == 0);
  CHECK(finished.errors.empty());
  const auto lines = objects(finished.output);
  REQUIRE(lines.size() == 1);
  CHECK(text(lines[0], "rows") == "6");
  const auto& runs = member(lines[0], "runs").items;
  REQUIRE(runs.size() == 3);
  const std::vector<std::string> connections = {"1", "2", "2"};
  const std::vector<std::string> depths = {"1", "1", "3"};
  const std::vector<std::string> ideals = {"0.019000", "0.010000", "0.004000"};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(text(runs[i], "name").empty());
    CHECK(text(runs[i], "connections") == connections[i]);
    CHECK(text(runs[i], "depth") == depths[i]);
    CHECK(text(runs[i], "requests") == "19");
    CHECK(text(runs[i], "ideal_seconds") == ideals[i]);
    // No faster than light: a run that is would not have asked for everything.
    CHECK(std::stod(text(runs[i], "seconds")) >= std::stod(ideals[i]));
    CHECK(std::stod(text(runs[i], "ratio_to_ideal")) >= 1);
  }
}

TEST_CASE("the demo's table is for people") {
  const Finished finished = headrace_program({"demo", "--machines", "2", "--delay-ms", "1"});
  CHECK(finished.status == 0);
  CHECK(finished.errors.empty());
  CHECK(finished.output.starts_with("2 machines, each request answered after 1 ms\n"));
  CHECK(finished.output.find("5 connections, depth 5") != std::string::npos);
  CHECK(finished.output.find("one by one") != std::string::npos);
}
