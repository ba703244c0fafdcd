// S45: the numbers and names of errors, versions, and what null does.

#include <cerrno>
#include <set>

#include "tests/c/scene.hpp"

using namespace headrace::test;

TEST_CASE("S45: every code has a name and a text of its own") {
  std::set<std::string> names;
  std::set<std::string> texts;
  for (hr_error_code code = HR_OK; code <= HR_INTERNAL; ++code) {
    names.insert(hr_error_code_name(code));
    texts.insert(hr_error_code_text(code));
  }
  names.insert(hr_error_code_name(HR_NO_MEMORY));
  texts.insert(hr_error_code_text(HR_NO_MEMORY));
  CHECK(names.size() == HR_INTERNAL + 2);
  CHECK(texts.size() == HR_INTERNAL + 2);
  CHECK(std::string(hr_error_code_name(HR_WRONG_ANSWER)) == "wrong_answer");
  CHECK(std::string(hr_error_code_name(HR_FORKED)) == "forked");
  CHECK(std::string(hr_error_code_name(22)) == "unknown");
  CHECK(std::string(hr_error_code_name(-1)) == "unknown");
  CHECK(std::string(hr_error_code_text(22)) != "");
}

TEST_CASE("S45: phases, progress and levels of the log have names") {
  CHECK(std::string(hr_phase_name(HR_PHASE_QUEUE)) == "queue");
  CHECK(std::string(hr_phase_name(HR_PHASE_BODY)) == "body");
  CHECK(std::string(hr_phase_name(8)) == "unknown");
  CHECK(std::string(hr_phase_name(-1)) == "unknown");
  CHECK(std::string(hr_progress_name(HR_QUEUED)) == "queued");
  CHECK(std::string(hr_progress_name(HR_RESPONDING)) == "responding");
  CHECK(std::string(hr_progress_name(3)) == "unknown");
  CHECK(std::string(hr_log_level_name(HR_LOG_DEBUG)) == "debug");
  CHECK(std::string(hr_log_level_name(HR_LOG_WARNING)) == "warning");
  CHECK(std::string(hr_log_level_name(3)) == "unknown");
}

TEST_CASE("S45: the library says whether it is as new as the header") {
  CHECK(std::string(hr_version()) == HR_VERSION);
  CHECK(hr_version_check(HR_VERSION_MAJOR, HR_VERSION_MINOR, HR_VERSION_PATCH));
  CHECK(hr_version_check(0, 0, 9));
  CHECK_FALSE(hr_version_check(HR_VERSION_MAJOR, HR_VERSION_MINOR, HR_VERSION_PATCH + 1));
  CHECK_FALSE(hr_version_check(HR_VERSION_MAJOR + 1, 0, 0));
}

TEST_CASE("S45: null handles do no harm") {
  hr_engine_free(nullptr);
  hr_engine_shut_down(nullptr, 0);
  hr_error_free(nullptr);
  hr_future_free(nullptr);
  hr_future_detach(nullptr);
  hr_future_cancel(nullptr);
  hr_text_free(nullptr);
  CHECK(hr_future_wait(nullptr, HR_NONE) == HR_WAIT_REFUSED);
  CHECK_FALSE(hr_future_ready(nullptr));
  CHECK(hr_future_response(nullptr) == nullptr);
  CHECK(hr_future_error(nullptr) == nullptr);
  CHECK(hr_future_user_data(nullptr) == nullptr);
  CHECK(hr_response_field(nullptr, 0).name.data == nullptr);
  CHECK(hr_response_trailer(nullptr, 0).name.data == nullptr);
  CHECK_FALSE(hr_response_find(nullptr, str("a"), nullptr));
  CHECK(hr_str_from(nullptr).size == 0);
  CHECK(hr_str_from("abc").size == 3);
  CHECK(hr_engine_ready_fd(nullptr) == -1);
  CHECK(errno == EINVAL);
  hr_future* future = nullptr;
  CHECK(hr_engine_take_ready(nullptr, &future, 1) == 0);
  CHECK(std::string(TextHandle(hr_engine_profiles(nullptr)).get()).empty());
  CHECK(std::string(TextHandle(hr_engine_stats(nullptr)).get()) == R"({"origins":[]})");
}

TEST_CASE("S45: requests to a null engine, or null requests, fail by their futures") {
  const EngineHandle cloud = engine();
  const std::string url = "http://127.0.0.1:1/";
  const hr_request request = get(url);
  const FutureHandle nowhere(hr_engine_submit(nullptr, &request));
  CHECK(error_of(nowhere).code == HR_INVALID_ARGUMENT);
  const FutureHandle nothing(hr_engine_submit(cloud.get(), nullptr));
  CHECK(text(error_of(nothing).detail) == "the request is null");
  hr_future* futures[2] = {};
  REQUIRE(hr_engine_submit_all(nullptr, &request, 1, futures));
  CHECK(error_of(FutureHandle(futures[0])).code == HR_INVALID_ARGUMENT);
  REQUIRE(hr_engine_submit_all(cloud.get(), nullptr, 2, futures));
  CHECK(error_of(FutureHandle(futures[0])).code == HR_INVALID_ARGUMENT);
  CHECK(error_of(FutureHandle(futures[1])).code == HR_INVALID_ARGUMENT);
  CHECK(hr_engine_submit_all(cloud.get(), &request, 0, nullptr));
  CHECK_FALSE(hr_engine_submit_all(cloud.get(), &request, 1, nullptr));
}
