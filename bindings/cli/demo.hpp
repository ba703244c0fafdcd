#pragma once

#include <stop_token>

#include "bindings/cli/arguments.hpp"

namespace headrace::cli {

/// `headrace demo`: fetches one inventory in three ways and compares. Gives the exit code.
int run_demo(const DemoArguments& arguments, std::stop_token stop);

}  // namespace headrace::cli
