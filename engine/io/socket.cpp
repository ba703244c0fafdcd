#include "engine/io/socket.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "engine/io/fork_guard.hpp"
#include "engine/io/guarded.hpp"
#include "engine/io/sigpipe.hpp"

namespace headrace::io {
namespace {

#if defined(MSG_NOSIGNAL)
constexpr int no_signal = MSG_NOSIGNAL;
#else
constexpr int no_signal = 0;  // where it is missing libuv sets SO_NOSIGPIPE
#endif

}  // namespace

void SocketClosed::operator()(Socket* socket) const noexcept { socket->close(); }

void Socket::close() noexcept {
  connect_events_ = nullptr;
  stream_events_ = nullptr;
  ForkGuard guard;
  if (int descriptor = -1; uv_fileno(handle(), &descriptor) == 0) guard.remove(descriptor);
  uv_close(handle(), [](uv_handle_t* closed) { delete static_cast<Socket*>(closed->data); });
}

SocketPointer Socket::make(uv_loop_t* loop, const Address& address) {
  auto socket = std::make_unique<Socket>();
  const int code = address.family() == AF_UNIX ? uv_pipe_init(loop, &socket->handle_.pipe, 0)
                                               : uv_tcp_init(loop, &socket->handle_.tcp);
  if (code != 0) return nullptr;
  socket->handle_.stream.data = socket.get();
  return SocketPointer(socket.release());
}

int Socket::connect(const Address& address, ConnectEvents& events) {
  connect_.data = this;
  ForkGuard guard;
  const auto connected = [](uv_connect_t* request, int status) {
    auto* socket = static_cast<Socket*>(request->data);
    if (socket->connect_events_ != nullptr)
      guarded(request->handle->loop, [&] { socket->connect_events_->on_connected(status); });
  };
  int code = 0;
  if (is_tcp())
    code = uv_tcp_connect(&connect_, &handle_.tcp, address.get(), connected);
  else
    uv_pipe_connect(&connect_, &handle_.pipe, unix_path(address).c_str(), connected);
  if (int descriptor = -1; uv_fileno(handle(), &descriptor) == 0) guard.add(descriptor);
  if (code == 0) connect_events_ = &events;
  return code;
}

int Socket::start_reading(Stream::Events& events, std::span<char> buffer) {
  if (stream_events_ != nullptr) {  // it does read, for somebody else
    stream_events_ = &events;
    return 0;
  }
  // Nagle's algorithm would hold back a pipeline's second segment until the first is acknowledged.
  // Without it things are slower, not wrong, so its code is not looked at.
  if (is_tcp()) uv_tcp_nodelay(&handle_.tcp, 1);
  connect_events_ = nullptr;
  stream_events_ = &events;
  buffer_ = buffer;
  return read_on();
}

void Socket::stop_reading() noexcept { uv_read_stop(stream()); }

int Socket::read_on() {
  return uv_read_start(
      stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* into) {
        const std::span<char> shared = static_cast<Socket*>(handle->data)->buffer_;
        *into = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
      },
      [](uv_stream_t* handle, ssize_t count, const uv_buf_t*) {
        guarded(handle->loop, [&] { static_cast<Socket*>(handle->data)->on_read(count); });
      });
}

void Socket::on_read(ssize_t count) {
  if (stream_events_ == nullptr || count == 0) return;  // 0 is libuv's EAGAIN
  if (count > 0) {
    stream_events_->on_bytes({buffer_.data(), static_cast<std::size_t>(count)});
    return;
  }
  uv_read_stop(stream());  // else some errors would be reported again and again
  stream_events_->on_end(static_cast<int>(count));
}

int Socket::try_read(std::span<char> into) noexcept {
  int descriptor = -1;
  if (const int code = uv_fileno(handle(), &descriptor); code != 0) return code;
  ssize_t count = -1;
  do count = ::recv(descriptor, into.data(), std::min<std::size_t>(into.size(), INT_MAX), 0);
  while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<int>(count);
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : uv_translate_sys_error(errno);
}

// Not by libuv, which would raise SIGPIPE on the thread of whoever waits.
int Socket::try_write(Bytes bytes) {
  int descriptor = -1;
  if (const int code = uv_fileno(handle(), &descriptor); code != 0) return code;
  const std::size_t size = bytes.size() < INT_MAX ? bytes.size() : INT_MAX;
  ssize_t count = -1;
  do count = ::send(descriptor, bytes.data(), size, no_signal);
  while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<int>(count);
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : uv_translate_sys_error(errno);
}

int Socket::write_byte(char byte) {
  byte_ = byte;
  write_.data = this;
  const uv_buf_t buffer = uv_buf_init(&byte_, 1);
  const SigpipeBlocked blocked;
  const int code = uv_write(&write_, stream(), &buffer, 1, [](uv_write_t* request, int status) {
    auto* socket = static_cast<Socket*>(request->data);
    socket->set_waiting(false);
    if (socket->stream_events_ != nullptr)
      guarded(request->handle->loop, [&] { socket->stream_events_->on_byte_written(status); });
  });
  if (code == 0) set_waiting(true);
  return code;
}

void Socket::set_waiting(bool waiting) noexcept {
  waiting_ = waiting;
  LoopNotes* const notes = notes_of(handle_.stream.loop);
  if (notes == nullptr) return;
  notes->waiting_for_room += waiting ? 1U : ~0U;
  if (waiting) stop_running(handle_.stream.loop);
}

bool Socket::byte_taken() const noexcept {
  return waiting_ && uv_stream_get_write_queue_size(&handle_.stream) == 0;
}

}  // namespace headrace::io
