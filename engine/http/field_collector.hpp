#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/bytes.hpp"
#include "headrace/headers.hpp"

namespace headrace::http {

// Puts a field section together. Its bytes are copied as they stand, once; of names and values only
// the places are noted. The pieces of one name or value adjoin, also across slices: obs-fold is
// refused.
class FieldCollector {
 public:
  using Lines = std::vector<Headers::Line>;

  // A new section begins somewhere in the next slice.
  void begin() noexcept {
    text_.clear();
    lines_.clear();
    name_ = {};
  }

  const Lines& lines() const noexcept { return lines_; }

  // Some of an earlier section, which begin so many bytes later in this one.
  void add_lines(const Headers::Line* first, const Headers::Line* last, std::size_t later) {
    const std::size_t before = lines_.size();
    lines_.insert(lines_.end(), first, last);
    if (later == 0) return;
    for (std::size_t i = before; i < lines_.size(); ++i) {
      lines_[i].name_at += static_cast<std::uint32_t>(later);
      lines_[i].value_at += static_cast<std::uint32_t>(later);
    }
  }

  // What is told next lies in these bytes.
  void begin_slice(Bytes slice) noexcept { slice_ = slice; }

  void add_name(const char* at, std::size_t size) noexcept {
    if (name_.bytes == 0) name_.at = place_of(at);
    name_.bytes += static_cast<std::uint32_t>(size);
  }
  void end_name() {
    lines_.push_back({.name_at = name_.at, .name_bytes = name_.bytes});
    name_.bytes = 0;
  }

  void add_value(const char* at, std::size_t size) noexcept {
    Headers::Line& line = lines_.back();
    if (line.value_bytes == 0) line.value_at = place_of(at);
    line.value_bytes += static_cast<std::uint32_t>(size);
  }

  // So many of them were the section's, which goes on behind them, or is to be finished.
  void end_slice(std::size_t used, bool goes_on) {
    slice_ = slice_.substr(0, used);
    if (goes_on) text_.append(slice_);
  }

  void finish(Headers& into) {
    if (!text_.empty()) slice_ = text_.append(slice_);
    into.assign(slice_, lines_);
    constexpr std::size_t bytes_kept = 1024;  // one long section is no reason to hold its memory
    if (text_.capacity() > bytes_kept) std::string{}.swap(text_);
  }

 private:
  struct Place {
    std::uint32_t at = 0;
    std::uint32_t bytes = 0;
  };

  // Offsets have 32 bits: ResponseReader bounds what it shows.
  std::uint32_t place_of(const char* at) const noexcept {
    return static_cast<std::uint32_t>(text_.size() + static_cast<std::size_t>(at - slice_.data()));
  }

  Bytes slice_;
  std::string text_;  // of earlier slices
  Lines lines_;
  Place name_;  // as far as it came
};

}  // namespace headrace::http
