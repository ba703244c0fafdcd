#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "bench/origin/outbox.hpp"
#include "tests/support/server_tls.hpp"

namespace headrace::bench {

// One accepted socket, with or without TLS. Nothing here waits.
class Wire {
 public:
  explicit Wire(int descriptor) noexcept : descriptor_(descriptor) {}
  virtual ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int descriptor() const noexcept { return descriptor_; }

  // How many bytes are in `room` now; 0 when there are none yet, nothing when the peer has gone.
  virtual std::optional<std::size_t> read(std::span<char> room) = 0;

  // Sends as much as the kernel takes; false when the peer has gone.
  virtual bool send(Outbox& outbox) = 0;

  // Whether something that `send` took has not reached the kernel.
  virtual bool unsent() const noexcept { return false; }

 private:
  int descriptor_;
};

std::unique_ptr<Wire> make_plain_wire(int descriptor);
std::unique_ptr<Wire> make_tls_wire(int descriptor, SSL_CTX* context);

// The tests' server, but cheaper to read with; without tickets every handshake is a full one.
test::TlsContext make_server_context(const test::ServerTls& options);

}  // namespace headrace::bench
