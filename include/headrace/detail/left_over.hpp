#pragma once

#include <memory>

#include "headrace/error.hpp"
#include "headrace/export.hpp"

namespace headrace {
struct Response;
}

namespace headrace::detail {

/// What a result was taken from, or a callback was given and may have left: memory of responses
/// serves the next ones.
HEADRACE_API void left_over(std::unique_ptr<Result<Response>>& answer) noexcept;
template <class Stored>
void left_over(Stored&) noexcept {}

}  // namespace headrace::detail
