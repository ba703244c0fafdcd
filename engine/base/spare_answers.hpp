#pragma once

#include <memory>

#include "headrace/error.hpp"
#include "headrace/response.hpp"

namespace headrace {

// A response that says nothing yet, where possible in the memory of one that this thread made
// earlier and that was left over on it (detail::left_over).
std::unique_ptr<Result<Response>> empty_answer();

}  // namespace headrace
