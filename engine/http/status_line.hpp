#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "engine/base/bytes.hpp"

namespace headrace::http {

// Reads "HTTP/1.x SSS reason CRLF" (RFC 9112 §4) ahead of llhttp, which lets other protocols,
// other versions and, before 9.4, a line ended CR CR pass. The bytes may come in any pieces.
class StatusLine {
 public:
  // Looks at the next bytes of the response, up to the line's end. False: this is no status line.
  bool scan(Bytes bytes);

  bool complete() const noexcept { return part_ == Part::complete; }
  int status() const noexcept { return status_; }
  int http_minor() const noexcept { return http_minor_; }
  std::string&& take_reason() noexcept { return std::move(reason_); }

  // After scan() gave false: what came instead, for a person. `bytes` are those of that call.
  std::string fault(Bytes bytes) const;

  void clear() noexcept {
    part_ = Part::prefix;
    prefix_size_ = 0;
    reason_.clear();
  }

 private:
  enum class Part : std::uint8_t { prefix, reason, line_feed, complete };

  bool scan_usual(Bytes& bytes);
  bool scan_prefix(Bytes& bytes);

  Part part_ = Part::prefix;
  std::size_t prefix_size_ = 0;
  char prefix_[13] = {};  // "HTTP/1.1 200 "
  int status_ = 0;
  int http_minor_ = 1;
  std::string reason_;
};

}  // namespace headrace::http
