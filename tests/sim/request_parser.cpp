#include "tests/sim/request_parser.hpp"

#include <algorithm>
#include <charconv>

namespace headrace::sim {
namespace {

std::size_t number_in(std::string_view digits) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// The value of a field, whose name is written as headrace writes it.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  const std::string wanted = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(wanted);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t begins = at + wanted.size();
  return head.substr(begins, head.find("\r\n", begins) - begins);
}

bool is_request_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  return space != std::string_view::npos && space > 0 &&
         line.substr(space).starts_with(" /call/") && line.ends_with(" HTTP/1.1") &&
         line.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

void RequestParser::feed(Bytes segment) {
  segment_begins_ = consumed_ + buffer_.size();
  buffer_.append(segment);
  take_owed();
}

void RequestParser::take_owed() {
  const std::size_t taken = std::min(owed_, buffer_.size());
  buffer_.erase(0, taken);
  owed_ -= taken;
  consumed_ += taken;
}

std::optional<SeenRequest> RequestParser::parse_head() const {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(buffer_).substr(0, end);
  if (!is_request_line(head.substr(0, head.find("\r\n")))) return std::nullopt;
  SeenRequest seen;
  seen.method = head.substr(0, head.find(' '));
  seen.call = number_in(head.substr(seen.method.size() + 7));
  seen.body_bytes = number_in(field(head, "Content-Length").value_or("0"));
  seen.asks_close = field(head, "Connection") == "close";
  seen.expects = field(head, "Expect").has_value();
  seen.begins = consumed_;
  seen.ends = consumed_ + end + 4 + seen.body_bytes;
  seen.shares_segment = last_begun_ > segment_begins_;
  return seen;
}

std::optional<SeenRequest> RequestParser::next() {
  if (!complaint_.empty()) return std::nullopt;
  const std::size_t head_ends = buffer_.find("\r\n\r\n");
  if (head_ends == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(buffer_).substr(0, head_ends);
  auto seen = parse_head();
  if (!seen) complain("not a request line");
  if (!seen) return std::nullopt;
  if (!field(head, "Host")) complain("no Host field");
  const std::size_t head_bytes = head_ends + 4;
  const bool head_alone = side_ == Side::writer && seen->expects && buffer_.size() == head_bytes;
  if (!complaint_.empty()) return std::nullopt;
  if (buffer_.size() < seen->ends - seen->begins && !head_alone) return std::nullopt;
  buffer_.erase(0, head_bytes);
  consumed_ += head_bytes;
  owed_ = seen->body_bytes;
  take_owed();
  last_begun_ = seen->begins + 1;
  return seen;
}

std::optional<SeenRequest> RequestParser::half() const {
  if (!complaint_.empty()) return std::nullopt;
  return parse_head();
}

void RequestParser::complain(std::string_view why) {
  if (complaint_.empty()) complaint_ = why;
}

}  // namespace headrace::sim
