#include "bindings/cli/sample/http.hpp"

#include <algorithm>
#include <charconv>

namespace headrace::sample {
namespace {

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [marks](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || marks.contains(byte);
  });
}

bool is_visible(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char byte) { return byte > ' ' && byte != 0x7F; });
}

bool is_field_text(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte == '\t' || (byte >= ' ' && byte != 0x7F);
  });
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& byte : made)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  return made;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take_line(std::string_view& bytes) noexcept {
  const std::size_t end = bytes.find("\r\n");
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return line;
}

bool read_request_line(std::string_view line, Request& request) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  if (first == std::string_view::npos || first == second) return false;
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(method) || !target.starts_with('/') || !is_visible(target)) return false;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
  request.method = method;
  request.target = target;
  request.last = version == "HTTP/1.0";
  return true;
}

bool read_field(std::string_view line, Request& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_field_text(value)) return false;
  request.fields.emplace_back(lower(line.substr(0, colon)), value);
  return true;
}

std::size_t count(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count(request.fields, name, &std::pair<std::string, std::string>::first));
}

// The body's length by RFC 9112 §6.3, or the status with which to refuse it.
int read_body_length(const Request& request, std::size_t& length) {
  length = 0;
  if (count(request, "transfer-encoding") > 0) return 501;
  if (count(request, "content-length") == 0) return 0;
  const std::string_view digits = request.field("content-length");
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, length);
  if (error == std::errc::result_out_of_range) return 413;
  if (error != std::errc() || stopped != end || count(request, "content-length") > 1) return 400;
  return length > body_bytes_max ? 413 : 0;
}

ParseResult bad(int status) { return {.state = ParseState::bad, .status = status}; }

std::string_view reason_of(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    default:
      return "";
  }
}

}  // namespace

std::string_view Request::field(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

ParseResult parse_request(std::string_view bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (std::min(head_end, bytes.size()) > head_bytes_max) return bad(431);
  if (head_end == std::string_view::npos) return {};

  ParseResult result{.state = ParseState::complete};
  std::string_view head = bytes.substr(0, head_end + 2);
  if (!read_request_line(take_line(head), result.request)) return bad(400);
  while (!head.empty())
    if (!read_field(take_line(head), result.request)) return bad(400);
  if (!result.request.last && count(result.request, "host") != 1) return bad(400);

  std::size_t body_bytes = 0;
  if (const int status = read_body_length(result.request, body_bytes); status != 0)
    return bad(status);
  result.consumed = head_end + 4 + body_bytes;
  if (bytes.size() < result.consumed) return {};
  result.request.body = bytes.substr(head_end + 4, body_bytes);
  if (lower(result.request.field("connection")) == "close") result.request.last = true;
  return result;
}

std::string render_answer(const Answer& answer, bool head, bool last) {
  std::string bytes = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  bytes += reason_of(answer.status);
  bytes += "\r\nContent-Type: " + answer.content_type;
  bytes += "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n";
  for (const auto& [name, value] : answer.fields)
    bytes.append(name).append(": ").append(value).append("\r\n");
  if (last) bytes += "Connection: close\r\n";
  bytes += "\r\n";
  if (!head) bytes += answer.body;
  return bytes;
}

}  // namespace headrace::sample
