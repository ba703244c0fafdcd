#pragma once

#include <nanobind/nanobind.h>

#include "headrace/options.hpp"

namespace headrace::python {

// Options by their names in C++, durations in seconds; "proxy" is the URL of both proxies, with
// credentials. With "trust_env" the environment names those that are not given. A TypeError names
// what is unknown.
Options options_of(const nanobind::dict& given);

}  // namespace headrace::python
