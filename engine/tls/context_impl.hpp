#pragma once

// Private to engine/tls.

#include <memory>
#include <string>

#include "engine/tls/context.hpp"
#include "engine/tls/memory_bio.hpp"
#include "engine/tls/openssl.hpp"
#include "engine/tls/session_cache.hpp"

namespace headrace::tls {

struct Context::Impl {
  BioMethod bio_method;
  SessionCache sessions;
  std::string spare_output;
  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> ssl_context;  // calls back into `sessions`
};

// What OpenSSL calls on behalf of a Session. One line deep: find the object, call on.
struct Session::Callbacks {
  static int on_verified(int good, X509_STORE_CTX* verification);
  static int on_new_session(SSL* ssl, SSL_SESSION* session);
  static void install(SSL_CTX* context, SessionCache& sessions, bool verify);
};

}  // namespace headrace::tls
