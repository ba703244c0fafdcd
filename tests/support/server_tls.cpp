#include "tests/support/server_tls.hpp"

#include <openssl/err.h>

#include <array>
#include <stdexcept>

namespace headrace::test {
namespace {

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

int choose_http(SSL*, const unsigned char** out, unsigned char* out_size,
                const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, ours.data(), ours.size(), offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsContext make_tls_context(const ServerTls& options) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* raw = context.get();
  SSL_CTX_set_max_proto_version(raw, options.version_max);
  SSL_CTX_set_alpn_select_cb(raw, choose_http, nullptr);
  SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>("test"), 4);
  if (!options.tickets) {
    SSL_CTX_set_num_tickets(raw, 0);
    SSL_CTX_set_options(raw, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  }
  if (options.security_level >= 0) SSL_CTX_set_security_level(raw, options.security_level);
  if (!options.client_ca_file.empty()) {
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    if (SSL_CTX_load_verify_file(raw, options.client_ca_file.c_str()) != 1)
      throw std::runtime_error("the clients' authority: " + last_error());
  }
  if (SSL_CTX_use_certificate_chain_file(raw, options.chain_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(raw, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("the server's certificate: " + last_error());
  return context;
}

TlsSession::TlsSession(SSL_CTX* context) : session_(SSL_new(context)) {
  SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(session_.get());
}

void TlsSession::flush(Socket& socket) {
  BIO* out = SSL_get_wbio(session_.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  if (size <= 0) return;
  socket.send({bytes, static_cast<std::size_t>(size)});
  BIO_reset(out);
}

bool TlsSession::feed(Socket& socket) {
  const std::string bytes = socket.receive();
  if (bytes.empty()) return false;
  BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(bytes.size()));
  return true;
}

std::optional<std::string> TlsSession::shake_hands(Socket& socket) {
  try {
    while (true) {
      ERR_clear_error();
      const int result = SSL_do_handshake(session_.get());
      const int error = SSL_get_error(session_.get(), result);
      const std::string reason = error == SSL_ERROR_SSL ? last_error() : "";
      flush(socket);
      if (result == 1) return std::nullopt;
      if (!reason.empty()) return reason;
      if (!feed(socket)) return "the client closed the connection";
    }
  } catch (const PeerGone& gone) {
    return gone.what();
  }
}

std::string TlsSession::receive(Socket& socket) {
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  std::string out;
  while (true) {
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &count);
    if (result == 1) {
      out.append(buffer.data(), count);
      continue;
    }
    const int error = SSL_get_error(session_.get(), result);
    if (!out.empty() || error == SSL_ERROR_ZERO_RETURN) return out;
    if (error == SSL_ERROR_SSL) throw PeerGone("TLS: " + last_error());
    flush(socket);
    if (!feed(socket)) throw PeerGone("the client closed without close_notify");
  }
}

void TlsSession::send(Socket& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    const std::string_view piece = bytes.substr(0, 65536);
    if (SSL_write_ex(session_.get(), piece.data(), piece.size(), &count) != 1)
      throw std::runtime_error("SSL_write_ex: " + last_error());
    bytes.remove_prefix(count);
    flush(socket);
  }
}

void TlsSession::notify_close(Socket& socket) {
  SSL_shutdown(session_.get());
  ERR_clear_error();
  flush(socket);
}

bool TlsSession::silent() const {
  return SSL_pending(session_.get()) == 0 && BIO_pending(SSL_get_rbio(session_.get())) == 0;
}

bool TlsSession::resumed() const { return SSL_session_reused(session_.get()) == 1; }

std::string TlsSession::version() const { return SSL_get_version(session_.get()); }

std::string TlsSession::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsSession::server_name() const {
  const char* name = SSL_get_servername(session_.get(), TLSEXT_NAMETYPE_host_name);
  return name != nullptr ? name : "";
}

std::string client_subject(const SSL* session) {
  const std::unique_ptr<X509, FreeSsl> certificate(SSL_get1_peer_certificate(session));
  if (!certificate) return {};
  std::array<char, 256> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate.get()), text.data(), text.size());
  return text.data();
}

}  // namespace headrace::test
