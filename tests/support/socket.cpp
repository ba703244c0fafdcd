#include "tests/support/socket.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "tests/support/patience.hpp"

namespace headrace::test {

Socket::Socket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {
  const int on = 1;  // each send leaves at once, as a segment of its own
  ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string Socket::receive() {
  std::array<char, 65536>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): recv() fills it
  while (true) {
    const ssize_t count = ::recv(descriptor_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count >= 0) return {buffer.data(), static_cast<std::size_t>(count)};
    if (errno == ECONNRESET || errno == EPIPE) throw PeerGone("the client reset the connection");
    if (errno != EAGAIN && errno != EINTR) throw_system_error("recv");
    if (!wait_until_ready(descriptor_.get(), Readiness::read))
      throw TimedOut("the client sent nothing more");
  }
}

bool Socket::silent() const {
  char byte = 0;
  return ::recv(descriptor_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
}

void Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno == ECONNRESET || errno == EPIPE) throw PeerGone("the client closed the connection");
    if (errno != EAGAIN && errno != EINTR) throw_system_error("send");
    if (!wait_until_ready(descriptor_.get(), Readiness::write))
      throw TimedOut("the client does not read what it is sent");
  }
}

void Socket::let_arrive() const {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (int unacknowledged = 1; unacknowledged > 0;) {
    if (::ioctl(descriptor_.get(), SIOCOUTQ, &unacknowledged) != 0) throw_system_error("SIOCOUTQ");
    if (std::chrono::steady_clock::now() > end) throw TimedOut("what was sent did not arrive");
  }
}

void Socket::shut_down_write() { ::shutdown(descriptor_.get(), SHUT_WR); }

void Socket::close() {
  const std::lock_guard lock(closing_);
  descriptor_.reset();
}

void Socket::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void Socket::interrupt() {
  const std::lock_guard lock(closing_);
  if (descriptor_) ::shutdown(descriptor_.get(), SHUT_RDWR);
}

}  // namespace headrace::test
