#include "tests/tls/memory_server.hpp"

#include <openssl/err.h>

#include <array>

namespace headrace::test {

MemoryServer::MemoryServer(SSL_CTX* context) : ssl_(SSL_new(context)) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

std::string MemoryServer::feed(std::string_view ciphertext) {
  BIO_write(SSL_get_rbio(ssl_.get()), ciphertext.data(), static_cast<int>(ciphertext.size()));
  std::array<char, 16384> buffer{};
  std::size_t count = 0;
  while (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count) == 1)
    received_.append(buffer.data(), count);
  ERR_clear_error();
  return output();
}

std::string MemoryServer::encrypt(std::string_view plain) {
  std::size_t count = 0;
  SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &count);
  return output();
}

std::string MemoryServer::close_notify() {
  SSL_shutdown(ssl_.get());
  return output();
}

std::string MemoryServer::update_key() {
  SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
  SSL_do_handshake(ssl_.get());
  return output();
}

bool MemoryServer::client_closed() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string MemoryServer::output() {
  std::string bytes(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
  if (!bytes.empty())
    BIO_read(SSL_get_wbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string take_output(tls::Session& session) {
  std::string bytes(session.output());
  session.take(bytes.size());
  return bytes;
}

Result<void> shake_hands(tls::Session& session, MemoryServer& server, std::size_t piece) {
  std::string from_server;
  bool complete = false;
  do {
    std::string_view rest = from_server;
    while (!complete) {
      const std::string part(rest.substr(0, piece));  // dies after use, as a read buffer does
      rest.remove_prefix(part.size());
      session.feed(part);
      const Result<bool> outcome = session.handshake();
      if (!outcome) {
        server.feed(take_output(session));
        return std::unexpected(outcome.error());
      }
      complete = *outcome;
      if (rest.empty()) break;
    }
    const std::string left(rest);
    from_server = server.feed(take_output(session));
    if (!complete && from_server.empty())
      return std::unexpected(Error{.detail = "both sides wait"});
    if (complete) from_server = left + from_server;
  } while (!complete);
  const Result<std::string> early = decrypt(session, from_server, piece);
  return early ? Result<void>() : std::unexpected(early.error());
}

Result<std::string> decrypt(tls::Session& session, std::string_view ciphertext, std::size_t piece) {
  std::string plain;
  std::array<char, 1000> buffer{};
  do {
    const std::string part(ciphertext.substr(0, piece));
    ciphertext.remove_prefix(part.size());
    session.feed(part);
    for (;;) {
      const Result<std::size_t> count = session.read(buffer);
      if (!count) return std::unexpected(count.error());
      if (*count == 0) break;
      plain.append(buffer.data(), *count);
    }
  } while (!ciphertext.empty());
  return plain;
}

}  // namespace headrace::test
