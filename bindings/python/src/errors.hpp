#pragma once

#include <nanobind/nanobind.h>

#include "headrace/error.hpp"

namespace headrace::python {

// The instance of headrace.Error, or of a class below it, that says the same.
nanobind::object exception_of(const Error& error);

[[noreturn]] void raise(const Error& error);

}  // namespace headrace::python
