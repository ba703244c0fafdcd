#pragma once

#include <cstddef>

// A program that failing_new.cpp is linked into can have any operator new of a thread fail.
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

}  // namespace headrace::test
