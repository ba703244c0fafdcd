#pragma once

#include "bindings/cli/exit_code.hpp"
#include "bindings/cli/output.hpp"
#include "headrace/error.hpp"

namespace headrace::cli {

/// Says why there is no engine, and gives the exit code: most often an option is wrong, such as a
/// file of authorities that cannot be read.
inline int report_no_engine(const Error& error) {
  complain(error.detail);
  return error.code == ErrorCode::internal ? exit_failed : exit_usage;
}

}  // namespace headrace::cli
