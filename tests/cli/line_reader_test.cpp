#include "bindings/cli/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "tests/support/catch.hpp"

using namespace headrace::cli;

namespace {

// A pipe whose writing end a test fills and closes.
struct Pipe {
  Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
  ~Pipe() {
    ::close(ends[0]);
    end();
  }
  void write(std::string_view bytes) {
    REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  void end() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  std::array<int, 2> ends{};
};

std::vector<Line> read_all(LineReader& reader) {
  std::vector<Line> all;
  for (auto lines = reader.next(); !lines.empty(); lines = reader.next())
    for (Line& line : lines) all.push_back(std::move(line));
  return all;
}

}  // namespace

TEST_CASE("lines are numbered, the last needs no end, an empty one counts") {
  Pipe pipe;
  pipe.write("a\n\nbc");
  pipe.end();
  LineReader reader(pipe.ends[0], 10, {});
  const auto lines = read_all(reader);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text == "a");
  CHECK(lines[1].text.empty());
  CHECK(lines[1].number == 2);
  CHECK(lines[2].text == "bc");
  CHECK(lines[2].number == 3);
  CHECK(reader.problem().empty());
}

TEST_CASE("a line is given as soon as it is there, while the next is not") {
  Pipe pipe;
  pipe.write("first\nsec");
  LineReader reader(pipe.ends[0], 10, {});
  CHECK(reader.next().at(0).text == "first");
  pipe.write("ond\n");
  CHECK(reader.next().at(0).text == "second");
}

TEST_CASE("a line over the limit is skipped to its end and no other with it") {
  Pipe pipe;
  pipe.write("12345\n123456\nafter\n");
  pipe.end();
  LineReader reader(pipe.ends[0], 5, {});
  const auto lines = read_all(reader);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text == "12345");
  CHECK(lines[1].too_long);
  CHECK(lines[1].text.empty());
  CHECK(lines[2].text == "after");
  CHECK_FALSE(lines[2].too_long);
}

TEST_CASE("a stop request ends the reading of a pipe that says nothing") {
  Pipe pipe;
  std::stop_source stop;
  stop.request_stop();
  LineReader reader(pipe.ends[0], 10, stop.get_token());
  CHECK(reader.next().empty());
}

TEST_CASE("a descriptor that cannot be read is a problem, not an end") {
  const int directory = ::open("/", O_RDONLY | O_CLOEXEC);
  REQUIRE(directory >= 0);
  LineReader reader(directory, 10, {});
  CHECK(reader.next().empty());
  CHECK_FALSE(reader.problem().empty());
  ::close(directory);
}
