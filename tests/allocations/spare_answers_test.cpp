#include "engine/base/spare_answers.hpp"

#include <thread>
#include <vector>

#include "engine/base/limits.hpp"
#include "headrace/detail/left_over.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

using Answer = std::unique_ptr<Result<Response>>;

void make_and_leave(std::size_t count) {
  std::vector<Answer> answers(count);
  for (Answer& answer : answers) answer = empty_answer();
  for (Answer& answer : answers) detail::left_over(answer);
}

std::uint64_t allocations_for(std::size_t count) {
  std::vector<Answer> answers(count);
  const std::uint64_t before = allocations();
  for (Answer& answer : answers) answer = empty_answer();
  return allocations() - before;
}

void on_another_thread(const auto& work) { std::thread(work).join(); }

}  // namespace

TEST_CASE("S36: of answers that were left over a thread keeps the memory of so many") {
  on_another_thread([] {
    constexpr std::size_t most = limits::spare_answers_max;
    make_and_leave(most + 10);
    make_and_leave(most);
    CHECK(allocations_for(most + 10) == 10);
    CHECK(allocations_for(1) == 1);  // what was not left over is gone
  });
}

TEST_CASE("S36: a thread that makes no answers keeps none") {
  std::vector<Answer> answers(3);
  for (Answer& answer : answers) answer = empty_answer();
  on_another_thread([&] {
    detail::left_over(answers[0]);
    CHECK(answers[0] != nullptr);  // its owner frees it
    make_and_leave(1);
    detail::left_over(answers[1]);
    CHECK(answers[1] != nullptr);
    CHECK(allocations_for(2) == 1);
  });
}

TEST_CASE("S36: what is left over at a thread's very end is not kept") {
  static bool freed_by_its_owner = false;
  struct Last {
    Answer answer;
    ~Last() {
      detail::left_over(answer);
      freed_by_its_owner = answer != nullptr;
    }
  };
  on_another_thread([] {
    thread_local Last last;  // made before what keeps spare answers, so it ends after that
    make_and_leave(2);
    last.answer = empty_answer();
  });
  CHECK(freed_by_its_owner);
}

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
