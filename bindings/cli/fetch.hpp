#pragma once

#include <stop_token>

#include "bindings/cli/arguments.hpp"

namespace headrace::cli {

/// `headrace fetch --jsonl`: requests from standard input, answers to standard output. Gives the
/// exit code.
int run_fetch(const FetchArguments& arguments, const std::stop_token& stop);

}  // namespace headrace::cli
