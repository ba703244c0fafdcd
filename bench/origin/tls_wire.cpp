#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "bench/origin/wire.hpp"

namespace headrace::bench {
namespace {

// Encrypted and sent at a time: a megabyte at once would make the client wait for all of it.
constexpr std::size_t batch_bytes_max = std::size_t{256} << 10U;

struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

// Reads from the socket, with read-ahead; writes to memory, so that all records of a batch leave
// with one call.
class TlsWire final : public Wire {
 public:
  TlsWire(int descriptor, SSL_CTX* context) : Wire(descriptor), session_(SSL_new(context)) {
    SSL_set0_rbio(session_.get(), BIO_new_socket(descriptor, BIO_NOCLOSE));
    SSL_set0_wbio(session_.get(), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(session_.get());
  }

  ~TlsWire() override {
    // A session that ended without this would be forgotten, and resuming it would fail.
    SSL_set_shutdown(session_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  std::optional<std::size_t> read(std::span<char> room) override {
    std::size_t total = 0;
    while (total < room.size()) {
      std::size_t count = 0;
      ERR_clear_error();
      if (SSL_read_ex(session_.get(), room.data() + total, room.size() - total, &count) != 1) {
        if (SSL_get_error(session_.get(), 0) != SSL_ERROR_WANT_READ && total == 0)
          return std::nullopt;
        break;
      }
      total += count;
      if (SSL_has_pending(session_.get()) == 0) break;
    }
    if (!flush()) return std::nullopt;
    return total;
  }

  bool send(Outbox& outbox) override {
    while (flush()) {
      if (unsent() || outbox.empty()) return true;
      if (!encrypt(outbox)) return false;
    }
    return false;
  }

  bool unsent() const noexcept override { return sent_ < size_; }

 private:
  bool encrypt(Outbox& outbox) {
    std::string_view bytes = *outbox.begin();
    if (outbox.end() - outbox.begin() > 1) {
      static std::string joined;  // small records would cost the client more
      joined.clear();
      for (const std::string_view piece : outbox) {
        if (!joined.empty() && joined.size() + piece.size() > batch_bytes_max) break;
        joined += piece;
      }
      bytes = joined;
    }
    bytes = bytes.substr(0, batch_bytes_max);
    std::size_t count = 0;
    ERR_clear_error();
    if (SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &count) != 1) return false;
    outbox.remove_front(count);
    return true;
  }

  // False when the peer has gone; what the kernel doesn't take stays.
  bool flush() {
    BIO* out = SSL_get_wbio(session_.get());
    char* bytes = nullptr;
    size_ = static_cast<std::size_t>(std::max(BIO_get_mem_data(out, &bytes), 0L));
    while (sent_ < size_) {
      const ssize_t count = ::send(descriptor(), bytes + sent_, size_ - sent_, MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      sent_ += static_cast<std::size_t>(count);
    }
    if (size_ > 0) BIO_reset(out);
    sent_ = size_ = 0;
    return true;
  }

  std::unique_ptr<SSL, FreeSession> session_;
  std::size_t sent_ = 0;
  std::size_t size_ = 0;  // of what lies in memory
};

}  // namespace

std::unique_ptr<Wire> make_tls_wire(int descriptor, SSL_CTX* context) {
  return std::make_unique<TlsWire>(descriptor, context);
}

test::TlsContext make_server_context(const test::ServerTls& options) {
  test::TlsContext context = test::make_tls_context(options);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace headrace::bench
