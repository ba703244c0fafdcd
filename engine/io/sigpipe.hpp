#pragma once

#include <csignal>

namespace headrace::io {

// Keeps SIGPIPE from a thread while this lives.
//
// A write to a socket that the peer has reset raises it where libuv writes, without MSG_NOSIGNAL.
// It would end the host process, and the host's signal handlers are not ours to change: so it is
// blocked, on the thread that runs the loop, and the write fails with EPIPE. The signal goes to the
// thread that wrote, where it stays pending; one of ours is taken away before the mask is put back.
class SigpipeBlocked {
 public:
  SigpipeBlocked() noexcept;
  ~SigpipeBlocked();
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

 private:
  sigset_t before_ = {};
  bool was_pending_ = false;
};

}  // namespace headrace::io
