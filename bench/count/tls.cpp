#include "bench/count/tls.hpp"

#include <stdexcept>

namespace headrace::count {

ServerTls::ServerTls() : context_(SSL_CTX_new(TLS_server_method())) {
  const auto files = certificates_.issue({.dns = {}, .ips = {"127.0.0.1"}});
  SSL_CTX* context = context_.get();
  if (context == nullptr ||
      SSL_CTX_use_certificate_chain_file(context, files.chain_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("OpenSSL does not take the certificate that was made for the origin");
}

Session ServerTls::accept(int descriptor) const {
  Session session(SSL_new(context_.get()));
  if (session == nullptr || SSL_set_fd(session.get(), descriptor) != 1 ||
      SSL_accept(session.get()) != 1)
    return nullptr;
  return session;
}

}  // namespace headrace::count
