#pragma once

#include <string>

#include "engine/tls/openssl.hpp"

namespace headrace::tls {

// What is wanted of the certificate: this name among its subjectAltName entries, as dNSName or, for
// an IP literal, as iPAddress. The subject's CN never counts and a wildcard stands for one whole
// label (RFC 9110 §4.3.4, RFC 6125 §6.4.3). Sends the name as SNI when it is no IP literal (RFC
// 6066 §3), which is all where `verify` is false. False when out of memory.
bool expect_name(SSL* ssl, const std::string& host, bool verify);

// Says why a certificate was refused: OpenSSL's reason, which certificate of the chain, for a wrong
// name what was wanted and what there is, for a wrong time the time, and what to do about an
// unknown authority.
std::string describe_refusal(X509_STORE_CTX* verification, const std::string& host);

}  // namespace headrace::tls
