#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "headrace/error.hpp"
#include "headrace/response.hpp"

namespace headrace::cli {

/// Appends the line for one answer: `{"id":"a","status":200,...,"error":null}` or
/// `{"id":"a","error":{...}}`, or `{"id":null,"line":7,"error":{...}}` for a line without id.
/// Always valid JSON on one line: bytes that are not UTF-8 are taken as latin-1.
void append_answer(std::string& out, const std::optional<std::string>& id, std::size_t line,
                   const Result<Response>& result);

}  // namespace headrace::cli
