#pragma once

#include <cstddef>

// A program that failing_new.cpp is linked into can have any operator new fail.
namespace headrace::test {

// While it lives the nth operator new of this thread throws std::bad_alloc.
class FailingNew {
 public:
  explicit FailingNew(std::size_t nth) noexcept;
  ~FailingNew();
  FailingNew(const FailingNew&) = delete;
  FailingNew& operator=(const FailingNew&) = delete;

  // Whether there were so many. When not, every one of this run has been tried.
  bool reached() const noexcept;
};

// The same of all threads but this one together, and with `on` of every one from the nth on.
class FailingNewElsewhere {
 public:
  explicit FailingNewElsewhere(std::size_t nth, bool on = false) noexcept;
  ~FailingNewElsewhere();
  FailingNewElsewhere(const FailingNewElsewhere&) = delete;
  FailingNewElsewhere& operator=(const FailingNewElsewhere&) = delete;

  bool reached() const noexcept;
};

}  // namespace headrace::test
