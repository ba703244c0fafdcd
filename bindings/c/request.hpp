#pragma once

#include "bindings/c/reader.hpp"
#include "headrace/request.hpp"

namespace headrace::c {

// A request as it was given: what to send or why not, and what its future needs in either case.
struct Given {
  Result<Request> request;
  bool announce = false;
  bool streamed = false;
  void* user_data = nullptr;
};

Given read_request(const hr_request* given);

// The i-th of an array whose elements are as far apart as the first one's size says.
Given read_request(const hr_request* first, std::size_t index);

}  // namespace headrace::c
