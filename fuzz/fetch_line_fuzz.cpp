#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/fetch_answer.hpp"
#include "bindings/cli/fetch_request.hpp"
#include "bindings/cli/line_reader.hpp"
#include "bindings/inventory/json.hpp"
#include "engine/http/prepare.hpp"
#include "fuzz/require.hpp"

// Any bytes on the standard input of `headrace fetch --jsonl`: lines are cut at their ends and
// nowhere else; each gives one answer, which is one line of JSON, whatever the line held; and what
// a line asks for goes out as one request or not at all.

using namespace headrace;
using headrace::fuzz::require;

namespace {

constexpr std::size_t line_bytes_max = 300;

std::vector<cli::Line> read_lines(std::string_view text) {
  static const int file = memfd_create("lines", MFD_CLOEXEC);
  require(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0 &&
              write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
              lseek(file, 0, SEEK_SET) == 0,
          "a file in memory");
  cli::LineReader reader(file, line_bytes_max, std::stop_token());
  std::vector<cli::Line> lines;
  for (auto some = reader.next(); !some.empty(); some = reader.next())
    for (cli::Line& line : some) lines.push_back(std::move(line));
  require(reader.problem().empty(), "a file that can be read");
  return lines;
}

void check_lines(std::string_view text, const std::vector<cli::Line>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    require(!text.empty() && lines[i].number == i + 1, "no more lines than there are");
    const std::string_view expected = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), expected.size() + 1));
    require(lines[i].too_long == (expected.size() > line_bytes_max), "too long or not");
    if (!lines[i].too_long) require(lines[i].text == expected, "the line as it stands");
  }
  require(text.empty(), "no line less");
}

void check_answer(const std::optional<std::string>& id, const Result<Response>& result) {
  std::string out;
  cli::append_answer(out, id, 1, result);
  require(out.ends_with('\n') && out.find('\n') == out.size() - 1, "one line");
  out.pop_back();
  require(json::parse_object(out).has_value(), "of JSON");
}

void check_request(const Request& request) {
  const auto prepared = http::prepare(request, {}, false);
  if (!prepared) {
    require(prepared.error().code == ErrorCode::invalid_argument, "refused for a reason");
    return;
  }
  const std::string wire = prepared->text();
  const std::size_t end = wire.find("\r\n\r\n");
  require(end != std::string::npos && wire.substr(end + 4) == request.body, "one request");
  require(request.timeout.value_or(std::chrono::milliseconds(0)).count() <= cli::timeout_ms_max,
          "a timeout that can be waited for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto lines = read_lines(text);
  check_lines(text, lines);
  for (const cli::Line& line : lines) {
    const cli::FetchLine asked = cli::parse_fetch_line(line.text);
    if (asked.request) {
      check_request(*asked.request);
      check_answer(asked.id, Response{.status = 200, .reason = line.text, .body = line.text});
    } else {
      require(!asked.request.error().empty(), "a reason");
      check_answer(asked.id, std::unexpected(Error{.detail = asked.request.error()}));
    }
  }
  return 0;
}
