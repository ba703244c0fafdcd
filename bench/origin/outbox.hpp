#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace headrace::bench {

// Answers on their way out, in order. They are views of the catalogue's, so nothing is copied;
// neighbours that lie side by side become one.
class Outbox {
 public:
  bool empty() const noexcept { return first_ == pieces_.size(); }

  void add(std::string_view bytes) {
    if (!empty() && pieces_.back().data() + pieces_.back().size() == bytes.data())
      pieces_.back() = {pieces_.back().data(), pieces_.back().size() + bytes.size()};
    else
      pieces_.push_back(bytes);
  }

  const std::string_view* begin() const noexcept { return pieces_.data() + first_; }
  const std::string_view* end() const noexcept { return pieces_.data() + pieces_.size(); }

  void remove_front(std::size_t bytes) {
    while (bytes > 0 && bytes >= pieces_[first_].size()) bytes -= pieces_[first_++].size();
    if (bytes > 0) pieces_[first_].remove_prefix(bytes);
    if (!empty()) return;
    pieces_.clear();
    first_ = 0;
  }

 private:
  std::vector<std::string_view> pieces_ = {};
  std::size_t first_ = 0;
};

}  // namespace headrace::bench
