#include "engine/tls/trust.hpp"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/tls/pem.hpp"
#include "engine/tls/text.hpp"

namespace headrace::tls {
namespace {

// The paths that OpenSSL was built with. Not SSL_CTX_set_default_verify_paths, which lets the
// environment (SSL_CERT_FILE) change them: the engine reads no environment. What is missing is no
// error here; verification then says that the authority is unknown.
void trust_system(SSL_CTX* context) {
  SSL_CTX_load_verify_file(context, X509_get_default_cert_file());
  SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir());
  clear_errors();
}

Result<void> trust_all_of(SSL_CTX* context, Result<PemSource> source) {
  if (!source) return std::unexpected(std::move(source.error()));
  const auto certificates = read_certificates(*source);
  if (!certificates) return std::unexpected(certificates.error());
  for (const Certificate& certificate : *certificates)
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) != 1)
      return cannot_use("cannot use " + source->name);
  return {};
}

// "0a1b2c3d.0", as `openssl rehash` names them.
bool is_hash_name(std::string_view name) {
  const auto hexadecimal = [](unsigned char byte) { return std::isxdigit(byte) != 0; };
  return name.size() > 9 && name[8] == '.' && std::ranges::all_of(name.substr(0, 8), hexadecimal);
}

// OpenSSL takes any name of a directory and finds nothing there, later.
Result<void> trust_directory(SSL_CTX* context, const std::string& path) {
  const std::string name = "the CA directory \"" + printable(path) + "\"";
  std::error_code failure;
  bool found = false;
  for (std::filesystem::directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure))
    found = found || is_hash_name(entry->path().filename().string());
  if (failure)
    return std::unexpected(Error{.code = ErrorCode::tls_failed,
                                 .phase = Phase::tls,
                                 .system_code = failure.value(),
                                 .detail = "cannot read " + name + " (" + failure.message() + ")"});
  if (!found)
    return cannot_use(name + " holds no certificate under its hash: run \"openssl rehash\" on it");
  if (SSL_CTX_load_verify_dir(context, path.c_str()) == 1) return {};
  return cannot_use("cannot use " + name);
}

Result<void> heed_revocations(SSL_CTX* context, const std::string& path) {
  auto source = open_pem_file("CRL file", path);
  if (!source) return std::unexpected(std::move(source.error()));
  const auto lists = read_revocation_lists(*source);
  if (!lists) return std::unexpected(lists.error());
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const RevocationList& list : *lists)
    if (X509_STORE_add_crl(store, list.get()) != 1) return cannot_use("cannot use " + source->name);
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return {};
}

}  // namespace

Result<void> trust(SSL_CTX* context, const TlsOptions& options) {
  if (options.ca_file.empty() && options.ca_directory.empty() && options.ca_pem.empty())
    trust_system(context);
  Result<void> done;
  if (!options.ca_file.empty())
    done = trust_all_of(context, open_pem_file("CA file", options.ca_file));
  if (done && !options.ca_pem.empty())
    done = trust_all_of(context, open_pem_text("ca_pem", options.ca_pem));
  if (done && !options.ca_directory.empty()) done = trust_directory(context, options.ca_directory);
  if (done && !options.crl_file.empty()) done = heed_revocations(context, options.crl_file);
  return done;
}

}  // namespace headrace::tls
