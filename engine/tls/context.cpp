#include "engine/tls/context.hpp"

#include <openssl/x509.h>

#include <string>
#include <utility>

#include "engine/tls/context_impl.hpp"

namespace headrace::tls {
namespace {

Error cannot_make(const char* what) {
  return error_from_queue(ErrorCode::internal, Phase::tls, std::string("cannot ") + what);
}

// One protocol name with its length before it (RFC 7301 §3.1).
constexpr unsigned char offered_protocols[] = "\x08http/1.1";

bool configure(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // A machine's policy (openssl.cnf) may set it, but a cut stream must not look whole (S38).
  SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection holds no record buffers (34 KiB each).
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_alpn_protos(context, offered_protocols, sizeof offered_protocols - 1) == 0;
}

// The paths that OpenSSL was built with. Not SSL_CTX_set_default_verify_paths, which lets the
// environment (SSL_CERT_FILE) change them: the engine reads no environment. What is missing is no
// error here; verification then says that the authority is unknown.
void trust_system(SSL_CTX* context) {
  SSL_CTX_load_verify_file(context, X509_get_default_cert_file());
  SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir());
  clear_errors();
}

Result<void> trust_file(SSL_CTX* context, const std::string& path) {
  if (SSL_CTX_load_verify_file(context, path.c_str()) == 1) return {};
  return std::unexpected(error_from_queue(
      ErrorCode::tls_failed, Phase::tls,
      "cannot read the CA file \"" + path + "\", which must be a PEM bundle of certificates"));
}

}  // namespace

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::~Context() = default;

Result<std::unique_ptr<Context>> Context::create(const TlsOptions& options) {
  clear_errors();
  auto impl = std::make_unique<Impl>();
  impl->bio_method = make_memory_method();
  impl->ssl_context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = impl->ssl_context.get();
  if (!impl->bio_method || context == nullptr || !configure(context))
    return std::unexpected(cannot_make("set up TLS"));
  Session::Callbacks::install(context, impl->sessions, !options.insecure);
  if (options.ca_file.empty()) {
    trust_system(context);
  } else if (auto trusted = trust_file(context, options.ca_file); !trusted) {
    return std::unexpected(trusted.error());
  }
  return std::unique_ptr<Context>(new Context(std::move(impl)));
}

Result<std::unique_ptr<Session>> Context::connect(Peer peer) {
  std::unique_ptr<Session> session(new Session(std::move(peer)));
  if (auto begun = session->begin(*this); !begun) return std::unexpected(begun.error());
  return session;
}

}  // namespace headrace::tls
