#include "engine/tls/session.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <string_view>
#include <utility>

#include "engine/tls/alert.hpp"
#include "engine/tls/context.hpp"
#include "engine/tls/context_impl.hpp"
#include "engine/tls/openssl.hpp"
#include "engine/tls/text.hpp"
#include "engine/tls/verification.hpp"

namespace headrace::tls {

Session::Session(Peer peer) : peer_(std::move(peer)) {}

Session::~Session() {
  if (ssl_ == nullptr) return;
  // SSL_free takes a connection that was not shut down for a broken one and marks its session as
  // not resumable. Ours is fine unless it failed.
  if (complete_ && !error_) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl_);
}

Result<void> Session::begin(Context& context) {
  clear_errors();
  Context::Impl& shared = *context.impl_;
  spare_output_ = &shared.spare_output;
  has_identity_ = shared.has_identity;
  ssl_ = SSL_new(shared.ssl_context.get());
  BIO* bio = make_memory_bio(shared.bio_method.get(), stream_);
  const bool made = ssl_ != nullptr && bio != nullptr && SSL_set_app_data(ssl_, this) == 1 &&
                    expect_name(ssl_, peer_.host, shared.verify_name);
  if (!made) {
    BIO_free(bio);
    return std::unexpected(
        error_from_queue(ErrorCode::internal, Phase::tls, "cannot make a TLS session"));
  }
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_connect_state(ssl_);
  if (const SessionTicket ticket = shared.sessions.take(peer_.session_key()))
    SSL_set_session(ssl_, ticket.get());
  return {};
}

void Session::feed(Bytes ciphertext) { stream_.input = ciphertext; }

Result<bool> Session::handshake() {
  if (error_) return std::unexpected(*error_);
  clear_errors();
  const int outcome = SSL_do_handshake(ssl_);
  if (outcome != 1) {
    const int wants = SSL_get_error(ssl_, outcome);
    if (wants == SSL_ERROR_WANT_READ || wants == SSL_ERROR_WANT_WRITE) {
      give_back_buffers();
      return false;
    }
    error_ = handshake_error();
  } else {
    error_ = check_protocol();
  }
  if (error_) {
    stream_.input = {};
    return std::unexpected(*error_);
  }
  complete_ = true;
  give_back_buffers();
  return true;
}

// SSL_MODE_RELEASE_BUFFERS is for that, but costs an allocation at each read and write, and leaves
// OpenSSL 3.0 with one of them behind some. They must not go under a record that is half read.
void Session::give_back_buffers() noexcept {
  if (!may_read()) SSL_free_buffers(ssl_);
}

Error Session::handshake_error() {
  const QueuedError queued = take_queued_error();
  Error error{.code = ErrorCode::tls_failed,
              .phase = Phase::tls,
              .system_code = static_cast<int>(queued.code)};
  if (!refusal_.empty()) {
    error.detail = refusal_;
  } else if (ERR_GET_REASON(queued.code) == SSL_R_WRONG_VERSION_NUMBER) {
    error.detail = "the server's answer is not TLS (" + queued.reason +
                   "); is this the port of a plain http server?";
  } else {
    error.detail =
        "the TLS handshake failed (" + queued.reason + ")" + about_our_certificate(queued.code);
  }
  return error;
}

// A protocol that was not offered (RFC 7301 §3.1). Newer releases of OpenSSL refuse it themselves.
std::optional<Error> Session::check_protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  const std::string_view selected(reinterpret_cast<const char*>(name), size);
  if (selected.empty() || selected == "http/1.1") return std::nullopt;
  return Error{.code = ErrorCode::tls_failed,
               .phase = Phase::tls,
               .detail = "the server chose the protocol \"" + printable(selected, 40) +
                         "\" by ALPN, offered was http/1.1"};
}

Result<std::size_t> Session::read(std::span<char> into) {
  std::size_t total = 0;
  while (total < into.size() && !error_ && !peer_closed_ && may_read()) {
    clear_errors();
    std::size_t count = 0;
    const int outcome = SSL_read_ex(ssl_, into.data() + total, into.size() - total, &count);
    total += count;
    if (outcome == 1) continue;
    const int wants = SSL_get_error(ssl_, outcome);
    if (wants == SSL_ERROR_WANT_READ || wants == SSL_ERROR_WANT_WRITE) break;
    if (wants == SSL_ERROR_ZERO_RETURN)
      peer_closed_ = true;
    else
      error_ = stream_error();
    stream_.input = {};  // nothing of it will be read any more, and it is not ours to keep
  }
  if (total > 0) return total;
  if (error_) return std::unexpected(*error_);
  return 0;
}

// Asking OpenSSL for what it does not have costs as much as a record.
bool Session::may_read() const noexcept {
  return !stream_.input.empty() || SSL_has_pending(ssl_) == 1;
}

// Over TLS 1.3 the server judges our certificate when for us the handshake is over.
Error Session::stream_error() {
  const unsigned long code = ERR_peek_error();
  const std::string cause = about_our_certificate(code);
  Error error = error_from_queue(cause.empty() ? ErrorCode::connection_lost : ErrorCode::tls_failed,
                                 Phase::tls, "the TLS stream failed");
  error.detail += cause;
  return error;
}

// Why, where the server's alert is about the certificate that it asked us for.
std::string Session::about_our_certificate(unsigned long code) const {
  if (!certificate_wanted_ || !is_alert_about_certificate(code)) return {};
  return has_identity_ ? ": the server does not accept the client certificate"
                       : ": the server asks for a client certificate, and there is none in the "
                         "options (certificate_file)";
}

Result<void> Session::write(Bytes plain) {
  if (error_) return std::unexpected(*error_);
  if (plain.empty()) return {};
  if (stream_.output.capacity() == std::string().capacity()) stream_.output.swap(*spare_output_);
  clear_errors();
  std::size_t count = 0;
  if (SSL_write_ex(ssl_, plain.data(), plain.size(), &count) == 1) return {};
  error_ = stream_error();
  return std::unexpected(*error_);
}

void Session::close() {
  if (!complete_ || error_) return;
  clear_errors();
  SSL_shutdown(ssl_);
  clear_errors();
}

bool Session::resumed() const noexcept { return SSL_session_reused(ssl_) == 1; }

void Session::take(std::size_t count) {
  sent_ += count;
  if (sent_ < stream_.output.size()) return;
  // Its memory goes to whoever writes next: an idle connection holds none.
  constexpr std::size_t bytes_kept = std::size_t{64} * 1024;
  stream_.output.clear();
  if (spare_output_->capacity() < stream_.output.capacity()) spare_output_->swap(stream_.output);
  if (spare_output_->capacity() > bytes_kept) std::string().swap(*spare_output_);
  std::string().swap(stream_.output);
  sent_ = 0;
}

}  // namespace headrace::tls
