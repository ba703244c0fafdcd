// Every operator new fails once on a thread that waits and so runs the loop: the engine breaks
// down, which is said, and nobody is given somebody else's answer.

#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/torture/failing_new.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

void check_answer_or_breakdown(const Result<Response>& result, const std::string& target) {
  CAPTURE(target);
  if (result) {
    CHECK(result->body == target);
  } else {
    CAPTURE(to_string(result.error()));
    const ErrorCode code = result.error().code;
    const bool no_memory = result.error().detail.find("std::bad_alloc") != std::string::npos;
    CHECK((code == ErrorCode::closed || (code == ErrorCode::internal && no_memory) ||
           code == ErrorCode::connection_lost || code == ErrorCode::tls_failed));
  }
}

// False when there were not so many.
bool play(const EchoServer& server, std::size_t nth) {
  Engine engine(torture_options());
  std::vector<Future<Response>> calls;
  for (int i = 0; i < 25; ++i)
    calls.push_back(engine.submit({.url = server.url("/" + std::to_string(i))}));
  bool reached = false;
  {
    const FailingNew failing(nth);
    for (Future<Response>& call : calls) call.wait_for(patience);
    reached = failing.reached();
  }
  for (std::size_t i = 0; i < calls.size(); ++i)
    check_answer_or_breakdown(calls[i].wait(), "/" + std::to_string(i));
  check_answer_or_breakdown(ask_after(engine, server), "/after");
  return reached;
}

}  // namespace

TEST_CASE("S1: where the loop finds no memory every call has its own answer, or an error") {
  const bool tls = GENERATE(false, true);
  Scenario over;
  over.tls = tls;
  const EchoServer server = server_for(over);
  CAPTURE(tls);
  std::size_t nth = 1;
  for (bool reached = true; reached; ++nth) {
    CAPTURE(nth);
    reached = play(server, nth);
    REQUIRE(nth < 10'000);
  }
  CHECK(nth > 10);
}
