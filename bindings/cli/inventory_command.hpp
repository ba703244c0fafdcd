#pragma once

#include <stop_token>

#include "bindings/cli/arguments.hpp"

namespace headrace::cli {

/// `headrace inventory ovirt`: rows to standard output, a summary to standard error. Gives the exit
/// code.
int run_inventory(const InventoryArguments& arguments, const std::stop_token& stop);

}  // namespace headrace::cli
