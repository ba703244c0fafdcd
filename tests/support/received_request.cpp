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
  const std::string text = request.field("Content-Length").value_or("0");
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size()) refuse("Content-Length", request);
  return bytes;
}

// The lines behind the last chunk, and the empty one that ends them.
bool take_trailers(ReceivedRequest& request, std::string_view& bytes) {
  for (;;) {
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view line = bytes.substr(0, end + 2);
    bytes.remove_prefix(line.size());
    if (end == 0) return true;
    if (line.find_first_of("\r\n") != end || !line.contains(": ")) refuse("trailers", request);
    request.trailers += line;
  }
}

// Takes a chunked body off the bytes behind the head, without extensions, which nobody sends here.
// False while some of it is missing.
bool take_chunks(ReceivedRequest& request, std::string_view& bytes) {
  for (;;) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size, 16);
    const auto digits = static_cast<std::size_t>(end - bytes.data());
    if (bytes.size() < digits + 2) return false;
    if (error != std::errc() || bytes.substr(digits, 2) != "\r\n") refuse("chunk size", request);
    if (size == 0) {
      bytes.remove_prefix(digits + 2);
      return take_trailers(request, bytes);
    }
    if (bytes.size() < digits + 2 + size + 2) return false;
    if (bytes.substr(digits + 2 + size, 2) != "\r\n") refuse("end of a chunk", request);
    request.body += bytes.substr(digits + 2, size);
    bytes.remove_prefix(digits + 2 + size + 2);
  }
}

bool take_body(ReceivedRequest& request, std::string_view& bytes) {
  if (const auto coding = request.field("Transfer-Encoding")) {
    if (*coding != "chunked" || request.field("Content-Length")) refuse("two framings", request);
    return take_chunks(request, bytes);
  }
  const std::size_t size = body_bytes(request);
  if (bytes.size() < size) return false;
  request.body = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
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
  std::string_view rest = std::string_view(buffer).substr(end + 4);
  if (!take_body(request, rest)) return std::nullopt;
  buffer.erase(0, buffer.size() - rest.size());
  return request;
}

}  // namespace headrace::test
