#pragma once

#include <cstddef>
#include <string>

#include "engine/base/ascii.hpp"
#include "engine/base/bytes.hpp"
#include "headrace/headers.hpp"

namespace headrace::http {

// One text that arrives in pieces. While all of it lies in the buffer being read it is a view into
// that; it is copied only when the buffer ends first.
class Piecewise {
 public:
  void add(Bytes piece) {
    if (kept_.empty() && view_.empty()) {
      view_ = piece;
    } else if (kept_.empty() && view_.data() + view_.size() == piece.data()) {
      view_ = {view_.data(), view_.size() + piece.size()};
    } else {
      keep();
      kept_.append(piece);
    }
  }

  // The buffer goes away.
  void keep() {
    kept_.append(view_);
    view_ = {};
  }

  Bytes text() const noexcept { return kept_.empty() ? view_ : Bytes{kept_}; }

  void clear() noexcept {
    kept_.clear();
    view_ = {};
  }

  // One long field is no reason to hold its memory for as long as the connection lives.
  void shrink() {
    constexpr std::size_t bytes_kept = 1024;
    if (kept_.capacity() > bytes_kept) kept_ = std::string{};
  }

 private:
  Bytes view_;
  std::string kept_;
};

// Puts field lines together from pieces of names and values.
class FieldCollector {
 public:
  // The lines go here from now on.
  void begin(Headers& into) {
    into_ = &into;
    into.clear();
    name_.clear();
    value_.clear();
  }

  void add_name(Bytes piece) { name_.add(piece); }
  void add_value(Bytes piece) { value_.add(piece); }

  void finish_line() {
    into_->append(name_.text(), trimmed(value_.text()));  // RFC 9110 §5.5
    name_.clear();
    value_.clear();
  }

  void on_buffer_end() {
    name_.keep();
    value_.keep();
  }

  void shrink() {
    name_.shrink();
    value_.shrink();
  }

 private:
  Headers* into_ = nullptr;
  Piecewise name_;
  Piecewise value_;
};

}  // namespace headrace::http
