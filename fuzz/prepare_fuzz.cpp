#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/prepare.hpp"
#include "fuzz/require.hpp"

// Any request: what is rendered has one request line of three words, as many field lines as were
// asked for, and the body, whatever the caller's strings hold (S37).
//
// Input: method, URL, body, then names and values in turn, each ended by 0x1E.

using namespace headrace;
using headrace::fuzz::require;

namespace {

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find('\x1e');
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> lines;
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    require(end != std::string_view::npos, "lines ended by CRLF");
    lines.push_back(head.substr(0, end));
    head.remove_prefix(end + 2);
  }
  return lines;
}

bool is_text(char c) { return static_cast<unsigned char>(c) >= ' ' ? c != '\x7f' : c == '\t'; }

void check(const Request& request, std::string_view wire) {
  const std::size_t end = wire.find("\r\n\r\n");
  require(end != std::string_view::npos, "a head");
  require(wire.substr(end + 4) == request.body, "the body behind the head");
  const auto lines = lines_of(wire.substr(0, end + 2));
  const std::string_view first = lines.front();
  require(std::ranges::count(first, ' ') == 2 && first.ends_with(" HTTP/1.1"), "three words");
  require(first.starts_with(request.method), "the method");
  for (const std::string_view line : lines) require(std::ranges::all_of(line, is_text), "text");

  const auto engines = std::ranges::count_if(lines, [](std::string_view line) {
    return line.starts_with("Host: ") || line.starts_with("User-Agent: headrace/") ||
           line.starts_with("Content-Length: ");
  });
  const auto count = static_cast<std::ptrdiff_t>(request.headers.size());
  const auto fields = static_cast<std::ptrdiff_t>(lines.size()) - 1;
  require(lines[1].starts_with("Host: "), "Host first");
  require(fields <= count + 3 && fields >= count && engines >= 1 && engines <= count + 3,
          "no line too many");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const http::Base base = http::parse_base("http://base.example/api/").value();
  const auto parts = parts_of({reinterpret_cast<const char*>(data), size});
  Request request;
  if (!parts.empty()) request.method = parts[0];
  if (parts.size() > 1) request.url = parts[1];
  if (parts.size() > 2) request.body = parts[2];
  for (std::size_t i = 3; i + 1 < parts.size(); i += 2)
    request.headers.append(parts[i], parts[i + 1]);
  if (const auto prepared = http::prepare(request, base, false)) check(request, prepared->text());
  return 0;
}
