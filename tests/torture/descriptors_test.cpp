// The process may open no more than so many descriptors, for real: the limit is lowered under a
// running engine, to leave none, one, and so on until there are enough.
//
// Not under the sanitizer for undefined behaviour: it opens descriptors itself, to look at an
// object of a type that it has not met yet, and takes that for broken when it gets none.

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define HEADRACE_TEST_NEEDS_DESCRIPTORS
#endif
#endif
#if !defined(HEADRACE_TEST_NEEDS_DESCRIPTORS)

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/torture/scenarios.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

using Calls = std::vector<Future<Response>>;

// While it lives, `left` descriptors more can be opened.
class DescriptorsLeft {
 public:
  explicit DescriptorsLeft(std::size_t left) {
    checked(::getrlimit(RLIMIT_NOFILE, &before_), "getrlimit");
    rlimit lowered = before_;
    std::vector<Descriptor> next;  // the numbers they would have
    for (std::size_t i = 0; i <= left; ++i)
      next.emplace_back(checked(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), "fcntl"));
    lowered.rlim_cur = static_cast<rlim_t>(next.back().get());
    checked(::setrlimit(RLIMIT_NOFILE, &lowered), "setrlimit");
  }
  ~DescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorsLeft(const DescriptorsLeft&) = delete;
  DescriptorsLeft& operator=(const DescriptorsLeft&) = delete;

 private:
  rlimit before_{};
};

Options options() {
  Options options = torture_options();
  options.connect_attempts = 1;
  return options;
}

Calls ask(Engine& engine, const EchoServer& server) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 25; ++i)
    requests.push_back({.url = server.url("/" + std::to_string(i))});
  return engine.submit_all(requests);
}

// How many were answered; the others say that no descriptor was to be had.
std::size_t count_answered(Calls& calls) {
  std::size_t answered = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Result<Response> result = calls[i].wait();
    if (result) {
      CHECK(result->body == "/" + std::to_string(i));
      ++answered;
    } else {
      CAPTURE(to_string(result.error()));
      CHECK(result.error().code == ErrorCode::connect_failed);
      CHECK(result.error().system_code == UV_EMFILE);
      CHECK(result.error().safe_to_repeat);
      CHECK(result.error().detail.find("too many open files (EMFILE)") != std::string::npos);
    }
  }
  return answered;
}

}  // namespace

TEST_CASE(
    "S1: with no descriptor left, what needs a connection fails and says so, until there is") {
  const bool tls = GENERATE(false, true);
  const EchoServer server = server_for({.play = {}, .tls = tls});
  CAPTURE(tls);
  constexpr std::size_t reserve = 1;  // libuv's own
  for (std::size_t left = 0; left <= reserve + 5; ++left) {
    CAPTURE(left);
    Engine engine(options());
    {
      const DescriptorsLeft only(left);
      Calls calls = ask(engine, server);
      const std::size_t answered = count_answered(calls);
      CHECK(answered == (left > reserve ? calls.size() : 0));
    }
    Calls calls = ask(engine, server);
    CHECK(count_answered(calls) == calls.size());
  }
}

TEST_CASE("S1: with no descriptor left, the connections that there are answer for all") {
  const bool tls = GENERATE(false, true);
  const EchoServer server = server_for({.play = {}, .tls = tls});
  const EchoServer other = server_for({.play = {}, .tls = tls});
  CAPTURE(tls);
  Engine engine(options());
  REQUIRE(engine.submit({.url = server.url("/first")}).wait());
  {
    const DescriptorsLeft none(0);
    Calls calls = ask(engine, server);
    CHECK(count_answered(calls) == calls.size());
    Calls elsewhere = ask(engine, other);
    CHECK(count_answered(elsewhere) == 0);
  }
  CHECK(engine.stats().origins.front().connections == 1);
  Calls calls = ask(engine, other);
  CHECK(count_answered(calls) == calls.size());
}

TEST_CASE("S31: with no descriptor left no name is taken for unknown") {
  const EchoServer server = server_for({});
  Engine engine(options());
  {
    const DescriptorsLeft none(0);
    const Result<Response> refused = engine.get(server.url_by_name("/none")).wait();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::resolve_failed);
    CHECK(refused.error().system_code == UV_EMFILE);
  }
  const Result<Response> answered = engine.get(server.url_by_name("/one")).wait();
  REQUIRE(answered);
  CHECK(answered->body == "/one");
}

#endif
