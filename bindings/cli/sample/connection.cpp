#include "bindings/cli/sample/connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace headrace::sample {

Connection::~Connection() { ::close(descriptor_); }

bool Connection::wants_input() const noexcept {
  return !ended_ && waiting_.size() < answers_max && output_.size() < output_bytes_max;
}

std::optional<Clock::time_point> Connection::next_due() const {
  if (waiting_.empty() || output_.size() >= output_bytes_max) return std::nullopt;
  return waiting_.front().due;
}

// Whether there may be something new to parse.
bool Connection::read_socket() {
  std::array<char, 64 * 1024> bytes;
  const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (count > 0) {
    input_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  ended_ = true;
  broken_ = count < 0;
  return false;
}

std::size_t Connection::receive(Clock::time_point now, std::chrono::nanoseconds delay,
                                const Handler& handler) {
  if (!read_socket()) return 0;
  std::size_t requests = 0;
  std::size_t parsed = 0;
  while (!ended_) {
    ParseResult result = parse_request(std::string_view(input_).substr(parsed));
    if (result.state == ParseState::incomplete) break;
    if (result.state == ParseState::bad) {
      waiting_.push_back({now, render_answer({.status = result.status}, false, true)});
      ended_ = true;
      break;
    }
    parsed += result.consumed;
    ended_ = result.request.last;
    const bool head = result.request.method == "HEAD";
    waiting_.push_back({now + delay, render_answer(handler(result.request), head, ended_)});
    ++requests;
  }
  input_.erase(0, parsed);
  return requests;
}

void Connection::send_due(Clock::time_point now) {
  while (!waiting_.empty() && waiting_.front().due <= now && output_.size() < output_bytes_max) {
    output_ += waiting_.front().bytes;
    waiting_.pop_front();
  }
  if (!output_.empty() && !broken_) flush();
}

void Connection::flush() {
  const ssize_t count = ::send(descriptor_, output_.data(), output_.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    output_.erase(0, static_cast<std::size_t>(count));
  } else if (errno != EAGAIN && errno != EINTR) {
    broken_ = true;
  }
}

}  // namespace headrace::sample
