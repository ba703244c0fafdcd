#pragma once

#include <string>
#include <string_view>

#include "engine/http/limits.hpp"

namespace headrace::http {

// A foreign text as it may stand in an error: in quotation marks, every byte that is not visible
// ASCII or SP written as \xNN, cut with "..." after `bytes_max` bytes of it.
std::string quoted(std::string_view text, std::size_t bytes_max = limits::quoted_bytes_max);

}  // namespace headrace::http
