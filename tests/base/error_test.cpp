#include "headrace/error.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace headrace;

TEST_CASE("Every error code, phase and progress has a name of its own") {
  std::set<std::string_view> codes;
  for (auto i = 0; i <= static_cast<int>(ErrorCode::internal); ++i)
    codes.insert(name_of(static_cast<ErrorCode>(i)));
  CHECK(codes.size() == 21);
  CHECK(name_of(ErrorCode::invalid_argument) == "invalid_argument");
  CHECK(name_of(ErrorCode::connection_lost) == "connection_lost");
  CHECK(name_of(ErrorCode::internal) == "internal");

  std::set<std::string_view> phases;
  for (auto i = 0; i <= static_cast<int>(Phase::body); ++i)
    phases.insert(name_of(static_cast<Phase>(i)));
  CHECK(phases == std::set<std::string_view>{"queue", "resolve", "connect", "tls", "write", "wait",
                                             "headers", "body"});

  CHECK(name_of(Progress::queued) == "queued");
  CHECK(name_of(Progress::sent) == "sent");
  CHECK(name_of(Progress::responding) == "responding");
}

TEST_CASE("An error reads as one line: code, detail, and what is known of the request") {
  CHECK(to_string(Error{.code = ErrorCode::connection_lost,
                        .progress = Progress::sent,
                        .attempts = 3,
                        .origin = "https://cloud.example:443",
                        .detail = "the server closed the connection"}) ==
        "connection_lost: the server closed the connection (https://cloud.example:443, sent, 3 "
        "attempts)");
  CHECK(to_string(Error{.code = ErrorCode::closed}) == "closed (queued)");
  CHECK(to_string(Error{.code = ErrorCode::timed_out, .progress = Progress::sent, .attempts = 1}) ==
        "timed_out (sent, 1 attempt)");
}

TEST_CASE("An exception says what its error says, and survives being copied") {
  const Error error{.code = ErrorCode::tls_failed, .detail = "the certificate has expired"};
  auto original = std::make_unique<Exception>(error);
  std::vector<Exception> copies(2, *original);
  original.reset();
  CHECK(copies.back().what() == to_string(error));
  CHECK(copies.back().error() == error);
}
