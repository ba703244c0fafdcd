#pragma once

#include <string>

#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::api {

// That nothing is given twice, and no key without its certificate; or an `invalid_argument`. Files
// and texts are judged where they are read. `name` is how errors call the options: "tls".
Result<void> check_tls_options(const TlsOptions& options, const std::string& name);

// The same for an entry of Options::origins, `where` being "origins[0]"; and that no plain origin
// has any of that.
Result<void> check_tls_options(const OriginOptions& entry, const std::string& where);

}  // namespace headrace::api
