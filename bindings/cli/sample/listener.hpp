#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace headrace::sample {

/// The most connections that a server here has at once; what is more waits to be accepted.
inline constexpr std::size_t connections_max = 256;

/// A listening socket on a free loopback port.
class Listener {
 public:
  /// Throws std::system_error when there is no port to be had.
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  /// Waits for a connection; nothing once the listener was stopped, or the machine gives no more.
  std::optional<int> accept();
  /// From any thread: accept() gives nothing from now on.
  void stop() noexcept;

 private:
  std::uint16_t port_ = 0;
  int listening_;
  int stopped_;  // an eventfd
};

}  // namespace headrace::sample
