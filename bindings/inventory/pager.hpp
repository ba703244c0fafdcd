#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace headrace::inventory {

/// Decides which pages of a collection to ask for. Nobody says how many there are: the first short
/// page is the last. So the first page is asked for alone, and as long as pages are full twice as
/// many are asked for ahead, up to a bound: a small collection costs one request, a large one few
/// round trips.
class Pager {
 public:
  static constexpr std::size_t ahead_max = 8;

  explicit Pager(std::size_t page_size) : page_size_(page_size) {}

  /// The pages to ask for now, at most `room` of them.
  std::vector<std::size_t> ask(std::size_t room);

  /// A page came with so many items, so many of which were on no page before. A page without any
  /// new item ends the collection: such a server gives the same page for ever.
  void on_page(std::size_t page, std::size_t items, std::size_t fresh);

  /// A page is lost. What was asked for may still come, but no end is in sight, so nothing more is
  /// asked for.
  void on_failed();

  std::size_t outstanding() const noexcept { return outstanding_; }
  bool is_behind_last(std::size_t page) const noexcept { return page > last_; }
  bool done() const noexcept { return ended_ && outstanding_ == 0; }

 private:
  std::size_t page_size_;
  std::size_t next_ = 1;
  std::size_t ahead_ = 1;
  std::size_t outstanding_ = 0;
  std::size_t last_ = std::numeric_limits<std::size_t>::max();  // the first short page
  bool ended_ = false;
};

}  // namespace headrace::inventory
