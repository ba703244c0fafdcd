#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "bench/clients/limit.hpp"

namespace headrace::bench::limit {
namespace {

// Several records in one recv; more would not stay in the cache until they are decrypted.
constexpr std::size_t read_ahead_bytes = std::size_t{64} << 10U;

[[noreturn]] void fail_tls(const char* what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error(std::string(what) + ": " + text.data());
}

int connect_to(const Target& target) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  ::inet_pton(AF_INET, target.host.c_str(), &address.sin_addr);
  if (made < 0 || ::connect(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot connect to " + target.url);
  const int yes = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return made;
}

}  // namespace

Context make_context(const Arguments& arguments) {
  if (!arguments.target.https) return nullptr;
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context.get(), arguments.ca_file.c_str(), nullptr) != 1)
    fail_tls("--ca names no file of certificates");
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_ahead_bytes);
  return context;
}

Wire::Wire(const Target& target, SSL_CTX* context, SSL_SESSION* ticket)
    : descriptor_(connect_to(target)), session_(context != nullptr ? SSL_new(context) : nullptr) {
  if (!session_) return;
  SSL_set_fd(session_.get(), descriptor_);
  if (ticket != nullptr) SSL_set_session(session_.get(), ticket);
  if (SSL_connect(session_.get()) != 1) fail_tls("the TLS handshake");
}

Wire::~Wire() {
  // A session that ended without this would be forgotten, and resuming it would fail.
  if (session_) SSL_set_shutdown(session_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  ::close(descriptor_);
}

void Wire::do_not_wait() { ::fcntl(descriptor_, F_SETFL, O_NONBLOCK); }

std::size_t Wire::read(std::span<char> room) {
  if (!session_) {
    const ssize_t count = ::recv(descriptor_, room.data(), room.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && errno == EAGAIN) return 0;
    throw std::runtime_error("the origin has closed the connection");
  }
  std::size_t count = 0;
  if (SSL_read_ex(session_.get(), room.data(), room.size(), &count) == 1) return count;
  if (SSL_get_error(session_.get(), 0) != SSL_ERROR_WANT_READ) fail_tls("reading");
  return 0;
}

void Wire::write(std::string_view bytes) {
  std::size_t count = 0;
  if (session_) {
    if (SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &count) != 1) fail_tls("writing");
    return;
  }
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("the socket does not take so many requests: try a smaller --depth");
}

std::string render(const Target& target) {
  return "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host_and_port() + "\r\n\r\n";
}

}  // namespace headrace::bench::limit
