#include <new>

#include "engine/tls/context_impl.hpp"
#include "engine/tls/key_log.hpp"
#include "engine/tls/session.hpp"
#include "engine/tls/verification.hpp"

namespace headrace::tls {

Context::Impl& Session::Callbacks::shared_of(const SSL* ssl) {
  return *static_cast<Context::Impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

// Called for each problem that OpenSSL finds with a chain and for each certificate without one. The
// first problem is kept; the answer is never changed.
int Session::Callbacks::on_verified(int good, X509_STORE_CTX* verification) {
  if (good == 1) return good;
  const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, index));
  auto* session = static_cast<Session*>(SSL_get_app_data(ssl));
  try {
    if (session->refusal_.empty())
      session->refusal_ = describe_refusal(verification, session->peer_.host);
  } catch (const std::bad_alloc&) {
    return 0;  // refused all the same, only not explained
  }
  return good;
}

// A session worth keeping: over TLS 1.2 at the handshake's end, over TLS 1.3 with each ticket. The
// answer 1 keeps the reference.
int Session::Callbacks::on_new_session(SSL* ssl, SSL_SESSION* ticket) {
  auto* session = static_cast<Session*>(SSL_get_app_data(ssl));
  SessionTicket kept(ticket);
  try {
    shared_of(ssl).sessions.put(session->peer_.session_key(), std::move(kept));
  } catch (const std::bad_alloc&) {
    // Without it the next handshake is a full one. The reference was given up with `kept`.
  }
  return 1;
}

// The server asks who we are. Called whether or not there is a certificate to show.
int Session::Callbacks::on_certificate_wanted(SSL* ssl, void* /*nothing*/) {
  static_cast<Session*>(SSL_get_app_data(ssl))->certificate_wanted_ = true;
  return 1;
}

void Session::Callbacks::on_key_line(const SSL* ssl, const char* line) {
  try {
    append_key_line(shared_of(ssl).key_log_file, line);
  } catch (const std::bad_alloc&) {
    // The log lacks a line, as its option says may happen.
  }
}

bool Session::Callbacks::install(Context::Impl& shared, bool verify) {
  SSL_CTX* context = shared.ssl_context.get();
  if (SSL_CTX_set_app_data(context, &shared) != 1) return false;
  // The cache is ours alone: OpenSSL's own is keyed by session id, which a client does not look up.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
  SSL_CTX_set_cert_cb(context, on_certificate_wanted, nullptr);
  if (!shared.key_log_file.empty()) SSL_CTX_set_keylog_callback(context, on_key_line);
  if (verify)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verified);
  else
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  return true;
}

}  // namespace headrace::tls
