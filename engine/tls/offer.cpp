#include "engine/tls/offer.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "engine/tls/text.hpp"

namespace headrace::tls {
namespace {

// One protocol name with its length before it (RFC 7301 §3.1).
constexpr unsigned char offered_protocols[] = "\x08http/1.1";

bool set_what_never_changes(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // A machine's policy (openssl.cnf) may set it, but a cut stream must not look whole (S38).
  SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  return SSL_CTX_set_alpn_protos(context, offered_protocols, sizeof offered_protocols - 1) == 0;
}

bool set_least_version(SSL_CTX* context, TlsVersion least) {
  return SSL_CTX_set_min_proto_version(
             context, least == TlsVersion::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1;
}

bool offers(const SSL_CTX* context, std::string_view name) {
  const STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
    if (SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)) == name) return true;
  return false;
}

// OpenSSL passes over names that it does not know, and then offers less than was meant, or nothing.
bool set_ciphersuites(SSL_CTX* context, const std::string& names) {
  if (SSL_CTX_set_ciphersuites(context, names.c_str()) != 1) return false;
  for (std::string_view rest = names; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(':'));
    if (!offers(context, name)) return false;
    rest.remove_prefix(name.size() < rest.size() ? name.size() + 1 : rest.size());
  }
  return true;
}

std::unexpected<Error> refuse(const char* option, const std::string& value) {
  Error error = error_from_queue(ErrorCode::invalid_argument, Phase::queue,
                                 std::string("option ") + option + " is \"" + printable(value) +
                                     "\", which OpenSSL here does not offer");
  error.safe_to_repeat = true;
  return std::unexpected(std::move(error));
}

}  // namespace

Result<void> set_offer(SSL_CTX* context, const TlsOptions& options) {
  if (!set_what_never_changes(context) || !set_least_version(context, options.version_min))
    return std::unexpected(
        error_from_queue(ErrorCode::internal, Phase::tls, "cannot set up what TLS offers"));
  if (!options.ciphers.empty() && SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) != 1)
    return refuse("tls.ciphers", options.ciphers);
  if (!options.ciphersuites.empty() && !set_ciphersuites(context, options.ciphersuites))
    return refuse("tls.ciphersuites", options.ciphersuites);
  return {};
}

}  // namespace headrace::tls
