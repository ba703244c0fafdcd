#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "bench/origin/wire.hpp"

namespace headrace::bench {
namespace {

constexpr std::size_t pieces_max = 512;  // of one call; the kernel's own limit is 1024

class PlainWire final : public Wire {
 public:
  using Wire::Wire;

  std::optional<std::size_t> read(std::span<char> room) override {
    const ssize_t count = ::recv(descriptor(), room.data(), room.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return std::nullopt;
  }

  bool send(Outbox& outbox) override {
    while (!outbox.empty()) {
      const ssize_t count = send_some(outbox);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      outbox.remove_front(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  ssize_t send_some(const Outbox& outbox) {
    if (outbox.end() - outbox.begin() == 1)
      return ::send(descriptor(), outbox.begin()->data(), outbox.begin()->size(), MSG_NOSIGNAL);
    std::array<iovec, pieces_max> pieces;  // NOLINT: filled below
    msghdr message{};
    message.msg_iov = pieces.data();
    for (const std::string_view piece : outbox) {
      if (message.msg_iovlen == pieces.size()) break;
      pieces[message.msg_iovlen++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    return ::sendmsg(descriptor(), &message, MSG_NOSIGNAL);
  }
};

}  // namespace

Wire::~Wire() { ::close(descriptor_); }

std::unique_ptr<Wire> make_plain_wire(int descriptor) {
  return std::make_unique<PlainWire>(descriptor);
}

}  // namespace headrace::bench
