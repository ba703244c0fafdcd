#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "headrace/headrace.hpp"
#include "tests/torture/echo_server.hpp"

// What is played again and again, each time with another call failing.
namespace headrace::test {

struct Scenario {
  const char* name = "";
  // Asks, and checks that each future has its own answer or an error that is no defect of ours.
  std::function<void(Engine&, const EchoServer&)> play;
  bool tls = false;
  bool ends_engine = false;
  bool stands_for_all = false;  // what takes many runs is done to one of each kind
};

// Each of them in turn, by Catch2's generator.
Scenario scenario();

// The server for it. To be made while this process has no thread of its own making.
EchoServer server_for(const Scenario& scenario);

// Five connections of five requests each, and an authority that the server's certificate is of.
Options torture_options();

// One more request.
Result<Response> ask_after(Engine& engine, const EchoServer& server);

// That the engine goes on, unless the scenario ended it.
void check_after(const Result<Response>& after, const Scenario& scenario);

// HEADRACE_TORTURE_STEP: 1 has every call fail, 2 every other.
std::optional<std::size_t> wanted_step();

}  // namespace headrace::test
