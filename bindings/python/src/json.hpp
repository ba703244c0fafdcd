#pragma once

#include <nanobind/nanobind.h>

#include "headrace/response.hpp"

namespace headrace::python {

// The body as JSON, read by simdjson. What that refuses is left to Python's json: it knows integers
// of any size, and its error says where the text is wrong.
nanobind::object json_of(const Response& response);

}  // namespace headrace::python
