#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace headrace::cli {

/// A bar on standard error that redraws itself in place, at most twenty times a second. Draws
/// nothing when standard error is not a terminal.
class ProgressBar {
 public:
  ProgressBar(std::string label, std::size_t total);
  ~ProgressBar();  ///< leaves the line as it was
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void advance();

 private:
  void draw();

  std::string label_;
  std::size_t total_;
  std::size_t done_ = 0;
  bool visible_;
  std::chrono::steady_clock::time_point next_draw_{};
};

}  // namespace headrace::cli
