#pragma once

#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

// The client has closed or reset the connection while the server still wanted something of it.
struct PeerGone : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Nothing happened for as long as a test is patient.
struct TimedOut : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A connected TCP socket. Reads and writes wait, but never longer than `patience`.
class Socket {
 public:
  explicit Socket(Descriptor descriptor);

  // What one read gives: at least a byte, or nothing at the end of the stream. Throws PeerGone on a
  // reset.
  std::string receive();

  // True when nothing that was not read has arrived, the end of the stream included.
  bool silent() const;

  void send(std::string_view bytes);
  void let_arrive() const;  // waits until the client's kernel has all that was sent
  void shut_down_write();
  void close();      // FIN, or RST where unread bytes are left, as the kernel does it
  void reset();      // RST, whatever is left
  void interrupt();  // ends reads and writes of another thread

 private:
  Descriptor descriptor_;
  mutable std::mutex closing_;  // close against interrupt, which another thread calls
};

}  // namespace headrace::test
