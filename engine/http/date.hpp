#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace headrace::http {

// An HTTP-date in any of its three forms (RFC 9110 §5.6.7), as seconds since 1970 UTC. Nothing for
// what is none.
std::optional<std::chrono::seconds> parse_date(std::string_view text);

}  // namespace headrace::http
