#pragma once

// Private to engine/tls.

#include "engine/tls/openssl.hpp"
#include "headrace/error.hpp"
#include "headrace/tls_options.hpp"

namespace headrace::tls {

// Shows the options' client certificate to servers that ask for one; does nothing when there is
// none. Fails with tls_failed when certificate or key cannot be read or do not belong together.
Result<void> show_identity(SSL_CTX* context, const TlsOptions& options);

}  // namespace headrace::tls
