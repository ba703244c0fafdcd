#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "bench/common/arguments.hpp"

namespace headrace::bench::limit {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;

// Nothing for http.
Context make_context(const Arguments& arguments);

// A connected socket with the cheapest TLS there is, or none. It waits where the descriptor does.
class Wire {
 public:
  // Connects and shakes hands, waiting. Throws std::runtime_error.
  Wire(const Target& target, SSL_CTX* context, SSL_SESSION* ticket = nullptr);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  void do_not_wait();

  // 0: nothing there yet. With TLS, one record. Throws at the end of the stream.
  std::size_t read(std::span<char> room);
  // Whether OpenSSL holds bytes that the socket would not announce.
  bool pending() const { return session_ && SSL_has_pending(session_.get()) == 1; }
  // All of it: requests are few and small next to a socket's buffer.
  void write(std::string_view bytes);

  bool resumed() const { return SSL_session_reused(session_.get()) == 1; }
  SSL_SESSION* ticket() const { return SSL_get1_session(session_.get()); }  // the caller's

 private:
  int descriptor_;
  std::unique_ptr<SSL, Free> session_;
};

// Finds the ends of answers that are all alike: each one's blank line, then as many bytes as the
// first one's Content-Length said.
class Scanner {
 public:
  // Gives how many answers ended in `bytes`.
  std::size_t take(std::string_view bytes);
  std::size_t body_bytes() const noexcept { return body_bytes_; }  // of all of them

 private:
  std::size_t find_head(std::string_view bytes);
  void learn(std::string_view head);

  std::string head_ = {};  // of an answer whose head came in pieces
  std::size_t content_length_ = 0;
  bool learnt_ = false;
  bool in_body_ = false;
  std::size_t left_ = 0;  // of the body
  std::size_t body_bytes_ = 0;
};

// The request as it stands on the wire.
std::string render(const Target& target);

}  // namespace headrace::bench::limit
