#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "bench/clients/limit.hpp"

namespace headrace::bench::limit {
namespace {

constexpr std::string_view blank_line = "\r\n\r\n";

}  // namespace

std::size_t Scanner::take(std::string_view bytes) {
  std::size_t answers = 0;
  while (true) {
    if (in_body_) {
      const std::size_t part = std::min(left_, bytes.size());
      left_ -= part;
      bytes.remove_prefix(part);
      if (left_ > 0) return answers;
      in_body_ = false;
      body_bytes_ += content_length_;
      ++answers;
    }
    if (bytes.empty()) return answers;
    bytes.remove_prefix(find_head(bytes));
    if (!in_body_) return answers;
  }
}

// Gives how many bytes belong to the head; the body begins when they end it.
std::size_t Scanner::find_head(std::string_view bytes) {
  if (head_.empty()) {
    const std::size_t end = bytes.find(blank_line);
    if (end == std::string_view::npos) {
      head_ = bytes;
      return bytes.size();
    }
    learn(bytes.substr(0, end + blank_line.size()));
    return end + blank_line.size();
  }
  const std::size_t before = head_.size();
  head_ += bytes;
  const std::size_t end = head_.find(blank_line);
  if (end == std::string::npos) return bytes.size();
  head_.resize(end + blank_line.size());
  const std::size_t used = head_.size() - before;
  learn(head_);
  head_.clear();
  return used;
}

void Scanner::learn(std::string_view head) {
  if (!head.starts_with("HTTP/1.1 200 "))
    throw std::runtime_error("an answer is not a 200: " + std::string(head.substr(0, 40)));
  if (!learnt_) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t field = head.find(name);
    if (field == std::string_view::npos) throw std::runtime_error("no Content-Length");
    const char* digits = head.data() + field + name.size();
    std::from_chars(digits, head.data() + head.size(), content_length_);
    learnt_ = true;
  }
  left_ = content_length_;
  in_body_ = true;
}

}  // namespace headrace::bench::limit
