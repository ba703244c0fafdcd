#pragma once

#include "bindings/c/reader.hpp"
#include "headrace/options.hpp"

namespace headrace::c {

// Null is all defaults. What the engine checks itself is not checked here.
Result<Options> options_of(const hr_options* given);

TlsOptions tls_options_of(const hr_tls_options* given, Reader& reader);

std::vector<OriginOptions> origins_of(const hr_options& given, Reader& reader);
std::vector<HostAddresses> host_addresses_of(const hr_options& given, Reader& reader);

// HR_PIPELINING_DEFAULT leaves it as it is.
void read_pipelining(Reader& reader, hr_pipelining given, Pipelining& option);
void read_rate(Reader& reader, double given, double& option);
void read_proxy(Reader& reader, const std::string& type, const std::string& name, hr_str given,
                Proxy& option);

}  // namespace headrace::c
