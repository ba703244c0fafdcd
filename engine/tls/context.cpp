#include "engine/tls/context.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "engine/tls/context_impl.hpp"
#include "engine/tls/identity.hpp"
#include "engine/tls/key_log.hpp"
#include "engine/tls/offer.hpp"
#include "engine/tls/text.hpp"
#include "engine/tls/trust.hpp"

namespace headrace::tls {
namespace {

Error cannot_make(const char* what) {
  return error_from_queue(ErrorCode::internal, Phase::tls, std::string("cannot ") + what);
}

Result<void> begin_key_log(const std::string& path) {
  if (path.empty()) return {};
  const int failure = append_key_line(path, {});
  if (failure == 0) return {};
  return std::unexpected(Error{.code = ErrorCode::tls_failed,
                               .phase = Phase::tls,
                               .system_code = failure,
                               .detail = "cannot write the key log file \"" + printable(path) +
                                         "\" (" + std::generic_category().message(failure) + ")"});
}

// Ciphers come first: they bring the security level that certificates are judged by.
Result<void> apply(SSL_CTX* context, const TlsOptions& options) {
  Result<void> done = set_offer(context, options);
  if (done) done = trust(context, options);
  if (done) done = show_identity(context, options);
  if (done) done = begin_key_log(options.key_log_file);
  return done;
}

}  // namespace

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::~Context() = default;

bool Context::may_refuse(const TlsOptions& options) {
  const std::string* const texts[] = {
      &options.ca_file,  &options.ca_directory,     &options.ca_pem,
      &options.crl_file, &options.certificate_file, &options.certificate_pem,
      &options.ciphers,  &options.ciphersuites,     &options.key_log_file};
  return std::ranges::any_of(texts, [](const std::string* text) { return !text->empty(); });
}

Result<std::unique_ptr<Context>> Context::create(const TlsOptions& options) {
  clear_errors();
  auto impl = std::make_unique<Impl>();
  impl->bio_method = make_memory_method();
  impl->ssl_context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = impl->ssl_context.get();
  if (!impl->bio_method || context == nullptr) return std::unexpected(cannot_make("set up TLS"));
  if (Result<void> applied = apply(context, options); !applied)
    return std::unexpected(std::move(applied.error()));
  impl->verify_name = options.insecure == Insecure::no;
  impl->has_identity = SSL_CTX_get0_certificate(context) != nullptr;
  impl->key_log_file = options.key_log_file;
  if (!Session::Callbacks::install(*impl, options.insecure != Insecure::anything))
    return std::unexpected(cannot_make("set up TLS"));
  return std::unique_ptr<Context>(new Context(std::move(impl)));
}

Result<std::unique_ptr<Session>> Context::connect(Peer peer) {
  // OpenSSL would take a certificate for any name below it.
  if (impl_->verify_name && peer.host.starts_with('.'))
    return std::unexpected(Error{.code = ErrorCode::tls_failed,
                                 .phase = Phase::tls,
                                 .detail = "no certificate can name the host \"" +
                                           printable(peer.host) + "\": it begins with a dot"});
  std::unique_ptr<Session> session(new Session(std::move(peer)));
  if (auto begun = session->begin(*this); !begun) return std::unexpected(begun.error());
  return session;
}

}  // namespace headrace::tls
