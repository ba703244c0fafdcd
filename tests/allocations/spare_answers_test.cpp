#include "engine/base/spare_answers.hpp"

#include <string>

#include "headrace/detail/left_over.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;

namespace {

using Answer = std::unique_ptr<Result<Response>>;

}  // namespace

TEST_CASE("an answer in the memory of another says nothing of it") {
  Answer answer = empty_answer();
  const void* const memory = answer.get();
  **answer = {.status = 200,
              .http_minor = 0,
              .reason = "a reason that is too long to lie in its string",
              .headers = {{"Set-Cookie", "secret"}},
              .trailers = {{"T", "1"}},
              .body = "a body that is too long to lie in its string",
              .attempts = 3,
              .connection_id = 4,
              .suspect = true};
  (*answer)->timings.connect.emplace(1);
  detail::left_over(answer);
  CHECK(answer == nullptr);

  answer = empty_answer();
  REQUIRE(answer.get() == memory);
  REQUIRE(answer->has_value());
  const Response& response = **answer;
  const Response none;
  CHECK(response.status == none.status);
  CHECK(response.http_minor == none.http_minor);
  CHECK(response.reason.empty());
  CHECK(response.headers.empty());
  CHECK(response.trailers.empty());
  CHECK(response.body.empty());
  CHECK(response.timings.connect == std::nullopt);
  CHECK(response.attempts == 0);
  CHECK(response.connection_id == 0);
  CHECK_FALSE(response.suspect);
}

TEST_CASE("an error's memory serves as well") {
  Answer answer = empty_answer();
  *answer = std::unexpected(Error{.code = ErrorCode::timed_out, .detail = std::string(100, 'x')});
  detail::left_over(answer);
  const Answer next = empty_answer();
  CHECK(next->has_value());
}
