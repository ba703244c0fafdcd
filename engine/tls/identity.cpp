#include "engine/tls/identity.hpp"

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/tls/pem.hpp"

namespace headrace::tls {
namespace {

enum class Asked : std::uint8_t { no, yes, in_vain, too_long, threw };

// What OpenSSL's question for the passphrase is passed through it.
struct Passphrase {
  const std::function<std::string()>& give;
  Asked asked = Asked::no;
};

// An exception must not cross OpenSSL's C frames.
int answer_passphrase(char* into, int size, int /*writing*/, void* data) noexcept {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.asked = Asked::in_vain;
  if (!passphrase.give) return -1;
  try {
    std::string secret = passphrase.give();
    const std::size_t length = secret.size();
    passphrase.asked = length > static_cast<std::size_t>(size) ? Asked::too_long : Asked::yes;
    if (passphrase.asked == Asked::yes) std::ranges::copy(secret, into);
    OPENSSL_cleanse(secret.data(), length);
    return passphrase.asked == Asked::yes ? static_cast<int>(length) : -1;
  } catch (...) {
    passphrase.asked = Asked::threw;
    return -1;
  }
}

std::unexpected<Error> no_key(const std::string& source, Asked asked) {
  switch (asked) {
    case Asked::in_vain:
      return cannot_use("the key in " + source + " is encrypted, and there is no key_passphrase");
    case Asked::yes:
      return cannot_use("cannot decrypt the key in " + source + " with the passphrase given");
    case Asked::too_long:
      return cannot_use("the passphrase given for the key in " + source + " is too long");
    case Asked::threw:
      return cannot_use("key_passphrase threw when asked for that of " + source);
    case Asked::no:
      break;
  }
  return cannot_use("cannot read a private key in PEM from " + source);
}

Result<PrivateKey> read_key(PemSource& source, const std::function<std::string()>& passphrase) {
  Passphrase question{.give = passphrase};
  clear_errors();
  PrivateKey key(PEM_read_bio_PrivateKey(source.text.get(), nullptr, answer_passphrase, &question));
  if (!key) return no_key(source.name, question.asked);
  clear_errors();
  return key;
}

Result<PemSource> open_certificate(const TlsOptions& options) {
  return options.certificate_file.empty()
             ? open_pem_text("certificate_pem", options.certificate_pem)
             : open_pem_file("client certificate", options.certificate_file);
}

Result<PemSource> open_key(const TlsOptions& options) {
  if (!options.key_file.empty()) return open_pem_file("key file", options.key_file);
  if (!options.key_pem.empty()) return open_pem_text("key_pem", options.key_pem);
  return open_certificate(options);
}

bool use(SSL_CTX* context, std::span<const Certificate> chain, EVP_PKEY* key) {
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) return false;
  for (const Certificate& issuer : chain.subspan(1))
    if (SSL_CTX_add1_chain_cert(context, issuer.get()) != 1) return false;
  return SSL_CTX_use_PrivateKey(context, key) == 1;
}

}  // namespace

Result<void> show_identity(SSL_CTX* context, const TlsOptions& options) {
  if (options.certificate_file.empty() && options.certificate_pem.empty()) return {};
  auto certificates = open_certificate(options);
  if (!certificates) return std::unexpected(std::move(certificates.error()));
  const auto chain = read_certificates(*certificates);
  if (!chain) return std::unexpected(chain.error());
  auto keys = open_key(options);
  if (!keys) return std::unexpected(std::move(keys.error()));
  const auto key = read_key(*keys, options.key_passphrase);
  if (!key) return std::unexpected(key.error());
  if (X509_check_private_key(chain->front().get(), key->get()) != 1)
    return cannot_use("the key in " + keys->name + " does not belong to the certificate in " +
                      certificates->name);
  if (!use(context, *chain, key->get()))
    return cannot_use("OpenSSL does not accept " + certificates->name);
  return {};
}

}  // namespace headrace::tls
