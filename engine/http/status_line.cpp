#include "engine/http/status_line.hpp"

#include <algorithm>
#include <string_view>

#include "engine/http/grammar.hpp"
#include "engine/http/quoted.hpp"

namespace headrace::http {
namespace {

// The least and the greatest byte of each place up to the last, which ends the status: there the
// space before an empty reason is often left out. The status is 100 to 599: RFC 9110 §15 gives no
// meaning to another, and a client that does not know where a body ends must not guess.
constexpr std::string_view least = "HTTP/1.0 100";
constexpr std::string_view greatest = "HTTP/1.1 599";

constexpr bool fits(std::size_t at, char c) noexcept {
  if (at < least.size()) return c >= least[at] && c <= greatest[at];
  return c == ' ' || c == '\r';
}

}  // namespace

bool StatusLine::scan_prefix(Bytes& bytes) {
  const Bytes piece = bytes.substr(0, sizeof prefix_ - prefix_size_);
  for (std::size_t i = 0; i < piece.size(); ++i)
    if (!fits(prefix_size_ + i, piece[i])) return false;
  std::ranges::copy(piece, prefix_ + prefix_size_);
  prefix_size_ += piece.size();
  bytes.remove_prefix(piece.size());
  if (prefix_size_ < sizeof prefix_) return true;

  http_minor_ = prefix_[7] - '0';
  status_ = (prefix_[9] - '0') * 100 + (prefix_[10] - '0') * 10 + (prefix_[11] - '0');
  part_ = prefix_[12] == ' ' ? Part::reason : Part::line_feed;
  return true;
}

bool StatusLine::scan(Bytes bytes) {
  if (part_ == Part::prefix && !scan_prefix(bytes)) return false;
  if (part_ == Part::reason && !bytes.empty()) {
    const Bytes piece = bytes.substr(0, bytes.find('\r'));
    if (!is_text(piece)) return false;
    reason_.append(piece);
    bytes.remove_prefix(piece.size());
    if (bytes.empty()) return true;
    bytes.remove_prefix(1);
    part_ = Part::line_feed;
  }
  if (part_ == Part::line_feed && !bytes.empty()) {
    if (bytes.front() != '\n') return false;
    part_ = Part::complete;
  }
  return true;
}

std::string StatusLine::fault(Bytes bytes) const {
  if (part_ != Part::prefix)
    return "the response's status line has a control character or is not ended by CRLF";
  const Bytes line = bytes.substr(0, bytes.find('\n'));
  return "the response does not begin with HTTP/1.1 or HTTP/1.0 and a status of 100 to 599, but "
         "with " +
         quoted(std::string{prefix_, prefix_size_}.append(line));
}

void StatusLine::clear() noexcept {
  part_ = Part::prefix;
  prefix_size_ = 0;
  reason_.clear();
}

}  // namespace headrace::http
