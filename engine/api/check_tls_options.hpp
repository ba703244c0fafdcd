#pragma once

#include <string>

#include "headrace/error.hpp"
#include "headrace/tls_options.hpp"

namespace headrace::api {

// That nothing is given twice, and no key without its certificate; or an `invalid_argument`. Files
// and texts are judged where they are read. `name` is how errors call the options: "tls".
Result<void> check_tls_options(const TlsOptions& options, const std::string& name);

}  // namespace headrace::api
