#pragma once

// Private to engine/tls.

#include "engine/tls/openssl.hpp"
#include "headrace/error.hpp"
#include "headrace/tls_options.hpp"

namespace headrace::tls {

// Makes the context trust the authorities that the options name, or the system's, and heed their
// revocation lists. Fails with tls_failed when something named cannot be read or is empty.
Result<void> trust(SSL_CTX* context, const TlsOptions& options);

}  // namespace headrace::tls
