#pragma once

#include <string>
#include <string_view>

namespace headrace::cli {

/// Standard output without a buffer: what was written is with the reader. The first failure (a full
/// disk, a closed pipe) is remembered, and nothing is written after it.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  /// Writes all of it; false when that failed now or before.
  bool write(std::string_view bytes);

  bool ok() const noexcept { return error_ == 0; }

  /// What failed, for a person; empty when nothing did.
  std::string problem() const;

 private:
  int descriptor_;
  int error_ = 0;
};

/// Fills the places of closed standard descriptors, so that no socket becomes standard output by
/// being opened next. What is put there refuses to be read or written, as a closed one does.
void hold_standard_descriptors();

/// "headrace: <message>" on standard error.
void complain(std::string_view message);

/// Whether standard error is a terminal that can redraw a line.
bool stderr_is_terminal();

}  // namespace headrace::cli
