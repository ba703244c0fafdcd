#pragma once

#include "bindings/c/reader.hpp"
#include "headrace/options.hpp"

namespace headrace::c {

// Null is all defaults. What the engine checks itself is not checked here.
Result<Options> options_of(const hr_options* given);

TlsOptions tls_options_of(const hr_tls_options* given, Reader& reader);

std::vector<OriginOptions> origins_of(const hr_options& given, Reader& reader);

}  // namespace headrace::c
