#pragma once

// Private to engine/tls.

#include "engine/tls/openssl.hpp"
#include "headrace/error.hpp"
#include "headrace/tls_options.hpp"

namespace headrace::tls {

// What a client offers: versions, ciphers, http/1.1 by ALPN; no compression, no renegotiation.
// Fails with invalid_argument for ciphers that OpenSSL does not have, with internal when out of
// memory.
Result<void> set_offer(SSL_CTX* context, const TlsOptions& options);

}  // namespace headrace::tls
