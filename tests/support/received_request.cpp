#include "tests/support/received_request.hpp"

#include <strings.h>

#include <charconv>
#include <stdexcept>

namespace headrace::test {
namespace {

[[noreturn]] void refuse(std::string_view why, const ReceivedRequest& request) {
  throw std::runtime_error("not a request (" + std::string(why) + "): " + request.head);
}

// "METHOD SP target SP HTTP/1.1" (RFC 9112 §3).
void read_request_line(ReceivedRequest& request) {
  const std::string_view line(request.head.data(), request.head.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last <= first + 1 ||
      line.substr(last) != " HTTP/1.1")
    refuse("request line", request);
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  if (request.target.find(' ') != std::string::npos) refuse("space in the target", request);
}

void check_line_ends(const ReceivedRequest& request) {
  for (std::size_t i = 0; i < request.head.size(); ++i) {
    const bool is_end = request.head.compare(i, 2, "\r\n") == 0;
    if (is_end)
      ++i;
    else if (request.head[i] == '\r' || request.head[i] == '\n' || request.head[i] == '\0')
      refuse("bare CR, LF or NUL", request);
  }
}

std::size_t body_bytes(const ReceivedRequest& request) {
  if (request.field("Transfer-Encoding")) refuse("Transfer-Encoding is not understood", request);
  const std::string text = request.field("Content-Length").value_or("0");
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size()) refuse("Content-Length", request);
  return bytes;
}

}  // namespace

std::optional<std::string> ReceivedRequest::field(std::string_view name) const {
  std::size_t begin = head.find("\r\n") + 2;
  while (begin < head.size()) {
    const std::size_t end = head.find("\r\n", begin);
    const std::string_view line(head.data() + begin, end - begin);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
      const std::size_t value = line.find_first_not_of(" \t", name.size() + 1);
      return std::string(value == std::string_view::npos ? "" : line.substr(value));
    }
    begin = end + 2;
  }
  return std::nullopt;
}

std::optional<ReceivedRequest> take_request(std::string& buffer) {
  const std::size_t end = buffer.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  ReceivedRequest request;
  request.head = buffer.substr(0, end + 4);
  read_request_line(request);
  check_line_ends(request);
  const std::size_t bytes = body_bytes(request);
  if (buffer.size() < end + 4 + bytes) return std::nullopt;
  request.body = buffer.substr(end + 4, bytes);
  buffer.erase(0, end + 4 + bytes);
  return request;
}

}  // namespace headrace::test
