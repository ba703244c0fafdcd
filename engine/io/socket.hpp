#pragma once

#include <uv.h>

#include <memory>
#include <span>

#include "engine/base/bytes.hpp"
#include "engine/io/address.hpp"
#include "engine/io/stream.hpp"

namespace headrace::io {

class Socket;

// Letting go of a socket closes it: nothing is reported any more, and its memory goes in libuv's
// close callback, not before.
struct SocketClosed {
  void operator()(Socket* socket) const noexcept;
};
using SocketPointer = std::unique_ptr<Socket, SocketClosed>;

// One handle of libuv's, TCP or a Unix socket. Callbacks go to whoever connects or reads; every one
// of them may let go of it.
class Socket final : public Stream {
 public:
  class ConnectEvents {
   public:
    virtual void on_connected(int code) = 0;  // 0 or libuv's

   protected:
    ~ConnectEvents() = default;
  };

  // For that address. Null when libuv refuses a handle. The descriptor is taken by connect().
  static SocketPointer make(uv_loop_t* loop, const Address& address);

  // 0, or libuv's code when it failed at once; then nothing is reported. The same address.
  int connect(const Address& address, ConnectEvents& events);

  int start_reading(Stream::Events& events, std::span<char> buffer) override;
  int try_read(std::span<char> into) noexcept override;
  int try_write(Bytes bytes) override;

  void stop_reading() noexcept override;
  int read_on() override;

  // libuv does not tell how much of a longer write was taken before it failed; one byte was taken
  // or not, and needs no buffer that must outlive a close.
  //
  // libuv writes it without MSG_NOSIGNAL, now or when there is room. Meanwhile the socket counts in
  // the loop's notes, if there are any, and the loop is stopped, so that whoever runs it can block
  // SIGPIPE first.
  int write_byte(char byte) override;

  bool waiting() const noexcept override { return waiting_; }
  bool byte_taken() const noexcept override;

 private:
  friend struct SocketClosed;

  void close() noexcept override;
  bool is_tcp() const noexcept { return handle_.stream.type == UV_TCP; }
  uv_stream_t* stream() noexcept { return &handle_.stream; }
  uv_handle_t* handle() noexcept { return reinterpret_cast<uv_handle_t*>(&handle_); }
  const uv_handle_t* handle() const noexcept {
    return reinterpret_cast<const uv_handle_t*>(&handle_);
  }
  void on_read(ssize_t count);
  void set_waiting(bool waiting) noexcept;

  union {
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } handle_ = {};
  uv_connect_t connect_ = {};
  uv_write_t write_ = {};
  ConnectEvents* connect_events_ = nullptr;  // both null once let go of
  Stream::Events* stream_events_ = nullptr;
  std::span<char> buffer_;
  char byte_ = 0;
  bool waiting_ = false;
};

}  // namespace headrace::io
