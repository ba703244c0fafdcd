#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>

#include "engine/base/bytes.hpp"
#include "engine/http/field_collector.hpp"
#include "engine/http/response_reader.hpp"

namespace headrace::http {

// The last head of a connection, line by line. One server's heads are mostly alike but for a
// length, a date, a request's id, and llhttp's state is a function of the bytes it was shown since
// its reset. So each line is shown to it alone once, from the state that all lines begin in; when
// that is also the state it ends in, bit for bit, the line need not be shown again while it comes
// at its place. Nothing is known of what the state means.
//
// A head that came twice says the third time what it said before.
class KnownHead {
 public:
  KnownHead() noexcept { std::memset(&between_, 0, sizeof between_); }

  struct Read {
    std::size_t bytes = 0;         // whole lines from the head's first byte on
    llhttp_errno_t code = HPE_OK;  // of the line behind them, which llhttp stopped in
    bool complete = false;         // they are the whole head; llhttp was not shown its empty line
  };

  // Reads first lines of the head that begins with these bytes as far as that pays, and leaves
  // llhttp behind them, or reset when there are none.
  Read read(Bytes head, llhttp_t& parser, FieldCollector& fields);

  // These were all bytes of the head that was read() last.
  void remember(Bytes head, const FieldCollector& fields);

  // What the last head said, when these bytes begin with the same once more. They must not be in
  // answer to a HEAD. llhttp is then as behind Read::complete.
  const ResponseHead* same(Bytes bytes) const noexcept {
    return known_ && bytes.starts_with(text_) && bytes.substr(text_.size()).starts_with("\r\n")
               ? &*known_
               : nullptr;
  }
  std::size_t bytes() const noexcept { return text_.size() + 2; }
  const llhttp_t& parser() const noexcept { return between_; }

  // What the last head said, a sound one in answer to anything but a HEAD. It is kept when that
  // head came for the second time.
  void keep(const ResponseHead& head) {
    if (came_again_ && !known_) known_ = head;
  }

 private:
  std::size_t take_known(Bytes bytes, std::size_t& line, std::size_t at,
                         FieldCollector& fields) const;
  void forget() noexcept;
  std::size_t line_end(std::size_t line) const noexcept {
    return line + 1 < places_.size() ? places_[line + 1].name_at : text_.size();
  }

  std::string text_;              // lines that need not be shown again; the first is two
  FieldCollector::Lines places_;  // of the fields in it
  llhttp_t between_;              // llhttp's state behind each; compared with its padding
  std::size_t proven_ = 0;        // of the head being read, how much is such lines
  bool ends_ = false;             // an empty line behind it ends the head
  bool came_again_ = false;       // the last head was as the one before it
  std::optional<ResponseHead> known_;
};

}  // namespace headrace::http
