#include "bindings/cli/line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace headrace::cli {

LineReader::LineReader(int descriptor, std::size_t line_bytes_max, const std::stop_token& stop)
    : descriptor_(descriptor),
      line_bytes_max_(line_bytes_max),
      stop_(stop),
      chunk_(256 * 1024, '\0') {}

std::vector<Line> LineReader::next() {
  std::vector<Line> lines;
  while (lines.empty() && !ended_ && wait()) {
    const ssize_t count = ::read(descriptor_, chunk_.data(), chunk_.size());
    if (count > 0) {
      split(std::string_view(chunk_.data(), static_cast<std::size_t>(count)), lines);
    } else if (count == 0) {
      ended_ = true;
      if (begun_) finish(lines);
    } else if (errno != EINTR && errno != EAGAIN) {
      error_ = errno;
      ended_ = true;
    }
  }
  return lines;
}

// Until there is something to read; false when a stop was requested.
bool LineReader::wait() {
  std::array<pollfd, 2> both = {{{.fd = descriptor_, .events = POLLIN, .revents = 0},
                                 {.fd = stop_.number(), .events = POLLIN, .revents = 0}}};
  while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) continue;
  return both[1].revents == 0;
}

void LineReader::split(std::string_view bytes, std::vector<Line>& lines) {
  while (!bytes.empty()) {
    begun_ = true;
    const std::size_t end = bytes.find('\n');
    keep(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    finish(lines);
  }
}

void LineReader::keep(std::string_view piece) {
  if (line_.too_long) return;
  if (line_.text.size() + piece.size() > line_bytes_max_) {
    line_.too_long = true;
    line_.text = std::string();
    return;
  }
  line_.text += piece;
}

void LineReader::finish(std::vector<Line>& lines) {
  const std::size_t number = line_.number;
  lines.push_back(std::exchange(line_, Line{.number = number + 1}));
  begun_ = false;
}

std::string LineReader::problem() const {
  if (error_ == 0) return {};
  return "cannot read standard input: " + std::generic_category().message(error_);
}

}  // namespace headrace::cli
