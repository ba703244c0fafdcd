#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/core/transcript.hpp"
#include "tests/support/catch.hpp"

namespace {

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the core does what the transcripts under tests/wire say") {
  std::size_t played = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HEADRACE_SOURCE_DIR "/tests/wire")) {
    if (entry.path().filename() == "README.md") continue;
    const std::string file = entry.path().filename().string();
    for (const auto& transcript : headrace::test::read_transcripts(contents_of(entry.path()))) {
      INFO(file << ": " << transcript.name);
      const auto difference = headrace::test::Transcript().play(transcript.lines);
      CHECK(difference.value_or("") == "");
      ++played;
    }
  }
  CHECK(played >= 40);
}

TEST_CASE("a transcript that says something else than the core does is told so") {
  using Lines = std::vector<headrace::test::Transcript::Line>;
  const Lines wrong{{1, "submit a GET http://h/"}, {2, "=> dial 2 http://h:80"}};
  const Lines silent{{1, "submit a GET http://h/"}};
  const Lines more{
      {1, "submit a GET http://h/"}, {2, "=> dial 1 http://h:80"}, {3, "=> dial 2 http://h:80"}};
  CHECK(headrace::test::Transcript().play(wrong) ==
        "line 2: expected dial 2 http://h:80, got dial 1 http://h:80");
  CHECK(headrace::test::Transcript().play(silent).has_value());
  CHECK(headrace::test::Transcript().play(more).has_value());
}
