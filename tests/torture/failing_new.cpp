#include "tests/torture/failing_new.hpp"

#include <atomic>

#include "tests/support/every_new.hpp"

namespace headrace::test {
namespace {

thread_local std::size_t left = 0;          // until the one that fails; 0 when there is none
thread_local bool is_here = false;          // not elsewhere
std::atomic<std::size_t> nth_elsewhere{0};  // 0 when there is none
std::atomic<std::size_t> seen_elsewhere{0};
std::atomic<bool> fails_on{false};

bool may_allocate_elsewhere() noexcept {
  const std::size_t nth = nth_elsewhere;
  if (nth == 0 || is_here) return true;
  const std::size_t seen = ++seen_elsewhere;
  return seen != nth && !(fails_on && seen > nth);
}

}  // namespace

void on_allocated(void*) noexcept {}
void on_freed(void*) noexcept {}
bool may_allocate() noexcept { return (left == 0 || --left > 0) && may_allocate_elsewhere(); }

FailingNew::FailingNew(std::size_t nth) noexcept { left = nth; }
FailingNew::~FailingNew() { left = 0; }
bool FailingNew::reached() const noexcept { return left == 0; }

FailingNewElsewhere::FailingNewElsewhere(std::size_t nth, bool on) noexcept {
  is_here = true;
  seen_elsewhere = 0;
  fails_on = on;
  nth_elsewhere = nth;
}
FailingNewElsewhere::~FailingNewElsewhere() {
  nth_elsewhere = 0;
  is_here = false;
}
bool FailingNewElsewhere::reached() const noexcept { return seen_elsewhere >= nth_elsewhere; }

}  // namespace headrace::test
