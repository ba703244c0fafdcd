#pragma once

#include "headrace/headrace.h"
#include "headrace/response.hpp"

namespace headrace::c {

// A response as C reads it: what a struct can show, and the response for what takes a function.
struct ResponseView : hr_response {
  explicit ResponseView(const Response& shown) noexcept;

  const Response* source;
};

}  // namespace headrace::c
