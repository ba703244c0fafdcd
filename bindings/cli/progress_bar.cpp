#include "bindings/cli/progress_bar.hpp"

#include <unistd.h>

#include <utility>

#include "bindings/cli/output.hpp"

namespace headrace::cli {
namespace {

constexpr std::size_t width = 40;
constexpr std::chrono::milliseconds redraw_time{50};

}  // namespace

ProgressBar::ProgressBar(std::string label, std::size_t total)
    : label_(std::move(label)), total_(total), visible_(stderr_is_terminal()) {}

ProgressBar::~ProgressBar() {
  if (visible_) Output(STDERR_FILENO).write("\r\x1b[K");
}

void ProgressBar::advance() {
  ++done_;
  if (!visible_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + redraw_time;
  draw();
}

void ProgressBar::draw() {
  const std::size_t filled = total_ == 0 ? 0 : width * done_ / total_;
  std::string line = "\r" + label_ + " [" + std::string(filled, '#');
  line += std::string(width - filled, ' ') + "] " + std::to_string(done_) + "/" +
          std::to_string(total_) + "\x1b[K";
  Output(STDERR_FILENO).write(line);
}

}  // namespace headrace::cli
