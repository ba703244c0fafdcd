#pragma once

// Private to engine/tls: PEM out of files and memory, with errors that say where.

#include <memory>
#include <string>
#include <vector>

#include "engine/tls/openssl.hpp"
#include "headrace/error.hpp"

namespace headrace::tls {

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using RevocationList = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

// Where PEM text stands, and how an error calls it: `the CA file "a.pem"`, `the option ca_pem`.
struct PemSource {
  std::string name;
  Bio text;
};

// `what` as in "CA file". Fails when the file cannot be opened.
Result<PemSource> open_pem_file(const std::string& what, const std::string& path);

// `option` as in "ca_pem". The text must outlive the source.
Result<PemSource> open_pem_text(const std::string& option, const std::string& text);

// All of the text, in its order; what is of another kind is passed over. Fails when one is
// malformed, and when there is none.
Result<std::vector<Certificate>> read_certificates(PemSource& source);
Result<std::vector<RevocationList>> read_revocation_lists(PemSource& source);

// tls_failed, with what OpenSSL says.
std::unexpected<Error> cannot_use(const std::string& what);

// For what may not be encrypted. Without it OpenSSL would ask at the terminal.
int no_passphrase(char* into, int size, int writing, void* nothing) noexcept;

}  // namespace headrace::tls
