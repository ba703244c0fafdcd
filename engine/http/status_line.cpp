#include "engine/http/status_line.hpp"

#include <algorithm>
#include <cstring>
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

constexpr std::string_view usual = "HTTP/1.1 200 ";
constexpr std::string_view usual_reason = "OK\r\n";

// A comparison of constant size, which takes no call.
template <const std::string_view& prefix>
bool begins_with(Bytes bytes) noexcept {
  return bytes.size() >= prefix.size() &&
         std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

}  // namespace

// Nearly all status lines begin alike, and in one piece.
bool StatusLine::scan_usual(Bytes& bytes) {
  if (prefix_size_ > 0 || !begins_with<usual>(bytes)) return false;
  bytes.remove_prefix(usual.size());
  http_minor_ = 1;
  status_ = 200;
  part_ = Part::reason;
  return true;
}

bool StatusLine::scan_prefix(Bytes& bytes) {
  std::size_t used = 0;
  for (; prefix_size_ < sizeof prefix_ && used < bytes.size(); ++prefix_size_, ++used) {
    if (!fits(prefix_size_, bytes[used])) {
      prefix_size_ -= used;  // for fault()
      return false;
    }
    prefix_[prefix_size_] = bytes[used];
  }
  bytes.remove_prefix(used);
  if (prefix_size_ < sizeof prefix_) return true;

  http_minor_ = prefix_[7] - '0';
  status_ = (prefix_[9] - '0') * 100 + (prefix_[10] - '0') * 10 + (prefix_[11] - '0');
  part_ = prefix_[12] == ' ' ? Part::reason : Part::line_feed;
  return true;
}

bool StatusLine::scan(Bytes bytes) {
  if (part_ == Part::prefix && !scan_usual(bytes) && !scan_prefix(bytes)) return false;
  if (part_ == Part::reason && reason_.empty() && begins_with<usual_reason>(bytes)) {
    reason_ = std::string{"OK"};
    part_ = Part::complete;
  }
  if (part_ == Part::reason && !bytes.empty()) {
    const auto end = std::ranges::find_if_not(bytes, is_text_char);
    reason_.append(bytes.begin(), end);
    if (end == bytes.end()) return true;
    if (*end != '\r') return false;
    bytes = {end + 1, bytes.end()};
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

}  // namespace headrace::http
