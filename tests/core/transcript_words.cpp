#include "tests/core/transcript_words.hpp"

#include <charconv>
#include <chrono>
#include <stdexcept>

namespace headrace::test {
namespace {

std::string read_quoted(std::string_view& rest) {
  std::string word;
  for (rest.remove_prefix(1); !rest.empty() && rest.front() != '"'; rest.remove_prefix(1)) {
    if (rest.front() != '\\') {
      word += rest.front();
      continue;
    }
    rest.remove_prefix(1);
    const char escape = rest.empty() ? '\0' : rest.front();
    if (escape == 'x') {
      int code = 0;
      std::from_chars(rest.data() + 1, rest.data() + 3, code, 16);
      word += static_cast<char>(code);
      rest.remove_prefix(2);
    } else {
      constexpr std::string_view from = "rnt0\"\\";
      constexpr std::string_view to{"\r\n\t\0\"\\", 6};
      const std::size_t index = from.find(escape);
      if (index == std::string_view::npos) throw std::runtime_error("unknown escape");
      word += to[index];
    }
  }
  if (rest.empty()) throw std::runtime_error("no closing quote");
  rest.remove_prefix(1);
  return word;
}

std::string quoted(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : std::string(1, c);
  return text + "\"";
}

}  // namespace

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) return words;
    if (line.front() == '"') {
      words.push_back(read_quoted(line));
      continue;
    }
    const std::size_t end = std::min(line.find(' '), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

Duration duration_of(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (status == std::errc{} && unit == "ms") return std::chrono::milliseconds(count);
  if (status == std::errc{} && unit == "s") return std::chrono::seconds(count);
  throw std::runtime_error("not a duration: " + text);
}

std::string value_of(const std::string& word, std::string_view key) {
  return word.starts_with(key) ? word.substr(key.size()) : std::string{};
}

std::string excerpt(const std::string& body) {
  return body.size() > 80 ? std::to_string(body.size()) + " bytes" : "\"" + body + "\"";
}

std::string summary_of(std::string_view bytes) {
  if (!bytes.contains(" HTTP/1.1\r\n")) return quoted(bytes);  // a piece of a body
  std::string summary;
  while (!bytes.empty()) {
    const std::string_view head = bytes.substr(0, bytes.find("\r\n\r\n") + 4);
    const std::string_view line = head.substr(0, head.find(" HTTP/1.1\r\n"));
    summary += (summary.empty() ? "" : ", ") + std::string(line);
    std::size_t length = 0;
    constexpr std::string_view field = "\r\nContent-Length: ";
    if (const std::size_t at = head.find(field); at != std::string_view::npos)
      std::from_chars(head.data() + at + field.size(), head.data() + head.size(), length);
    bytes.remove_prefix(std::min(head.size() + length, bytes.size()));
  }
  return summary;
}

}  // namespace headrace::test
