#include "bindings/inventory/pager.hpp"

#include <algorithm>

namespace headrace::inventory {

std::vector<std::size_t> Pager::ask(std::size_t room) {
  std::vector<std::size_t> pages;
  while (!ended_ && outstanding_ < ahead_ && pages.size() < room) {
    pages.push_back(next_++);
    ++outstanding_;
  }
  return pages;
}

void Pager::on_page(std::size_t page, std::size_t items, std::size_t fresh) {
  --outstanding_;
  // More than were asked for is a server that knows no pages: it gave everything at once.
  if (items != page_size_ || fresh == 0) {
    last_ = std::min(last_, page);
    ended_ = true;
  }
  ahead_ = std::min(ahead_ * 2, ahead_max);
}

void Pager::on_failed() {
  --outstanding_;
  ended_ = true;
}

}  // namespace headrace::inventory
