#pragma once

#include <nanobind/nanobind.h>

#include "headrace/log.hpp"

namespace headrace::python {

// Calls `callable(level, line)` with levels as the module logging counts them, so that
// Logger.log is one. None is no log. Threads of the engine call it, and wait for the GIL to do so;
// what it raises is unraisable.
Log log_to(nanobind::handle callable);

}  // namespace headrace::python
