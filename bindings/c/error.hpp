#pragma once

#include <string>

#include "headrace/error.hpp"
#include "headrace/headrace.h"

namespace headrace::c {

// An error as C reads it. It must not move, since the strings point into it.
class ErrorView {
 public:
  explicit ErrorView(Error error);
  ErrorView(const ErrorView&) = delete;
  ErrorView& operator=(const ErrorView&) = delete;

  // Freed by free_error, when it was made by make_error.
  const hr_error& view() const noexcept { return view_; }

 private:
  friend void free_error(hr_error* error) noexcept;

  hr_error view_{};  // first, so that its address is ours
  Error error_;
  std::string text_;
};

// On the heap; when there is no memory for it, the one error that says so.
hr_error* make_error(Error error) noexcept;
void free_error(hr_error* error) noexcept;

// Needs no memory and lives for ever.
hr_error* no_memory_error() noexcept;

}  // namespace headrace::c
