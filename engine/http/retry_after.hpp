#pragma once

#include <chrono>
#include <optional>

#include "headrace/headers.hpp"

namespace headrace::http {

// When a response says that it may be asked for again (RFC 9110 §10.2.3), counted from its sending:
// seconds, or a date, which is compared with the response's own Date, as whose clock is right
// nobody knows. Nothing when it does not say, or can't be read.
std::optional<std::chrono::seconds> retry_after(const Headers& headers);

}  // namespace headrace::http
