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
  bool verify_name = true;
  bool has_identity = false;  // a client certificate to show
  std::string key_log_file;
  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> ssl_context;  // calls back into this
};

// What OpenSSL calls on behalf of a Session. One line deep: find the object, call on.
struct Session::Callbacks {
  static Context::Impl& shared_of(const SSL* ssl);
  static int on_verified(int good, X509_STORE_CTX* verification);
  static int on_new_session(SSL* ssl, SSL_SESSION* session);
  static int on_certificate_wanted(SSL* ssl, void* nothing);
  static void on_key_line(const SSL* ssl, const char* line);
  static bool install(Context::Impl& shared, bool verify);
};

}  // namespace headrace::tls
