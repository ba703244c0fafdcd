#pragma once

#include <stop_token>

#include "bindings/cli/arguments.hpp"

namespace headrace::cli {

/// `headrace demo --server KIND`: a misbehaving server until a stop is requested. Gives the exit
/// code.
int run_serve(const ServeArguments& arguments, std::stop_token stop);

}  // namespace headrace::cli
