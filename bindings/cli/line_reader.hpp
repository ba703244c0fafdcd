#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "bindings/cli/interrupt.hpp"

namespace headrace::cli {

/// One line of input, without its end.
struct Line {
  std::size_t number = 0;  ///< from 1
  std::string text = {};
  bool too_long = false;  ///< over the limit: `text` is empty, the rest was skipped
};

/// Reads a descriptor line by line as bytes come in, in memory bounded by the longest line allowed.
class LineReader {
 public:
  LineReader(int descriptor, std::size_t line_bytes_max, const std::stop_token& stop);

  /// The lines that became complete with the next bytes, waiting for at least one. Empty at the end
  /// of the input, when reading failed, or when a stop was requested.
  std::vector<Line> next();

  /// What failed, for a person; empty when nothing did.
  std::string problem() const;

 private:
  bool wait();
  void split(std::string_view bytes, std::vector<Line>& lines);
  void keep(std::string_view piece);
  void finish(std::vector<Line>& lines);

  int descriptor_;
  std::size_t line_bytes_max_;
  StopDescriptor stop_;
  std::string chunk_;
  Line line_{.number = 1};
  bool begun_ = false;  // the line has a byte
  bool ended_ = false;
  int error_ = 0;
};

}  // namespace headrace::cli
