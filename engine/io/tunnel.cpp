#include "engine/io/tunnel.hpp"

#include <uv.h>

#include <string>
#include <utility>

#include "engine/io/address.hpp"

namespace headrace::io {

Tunnel::Tunnel(StreamPointer stream, const http::ProxyServer& proxy,
               std::unique_ptr<http::ProxyHandshake> handshake, Events& events)
    : stream_(std::move(stream)),
      proxy_(proxy),
      handshake_(std::move(handshake)),
      events_(events) {}

void Tunnel::start(std::span<char> received) {
  Stream::Events& own = *this;
  if (const int code = stream_->start_reading(own, received); code != 0) return on_end(code);
  on_bytes({});
}

// What is said fits into the buffer of a socket that is new, or it does not work at all.
void Tunnel::on_bytes(Bytes bytes) {
  std::string to_say;
  const Result<bool> open = handshake_->advance(bytes, to_say);
  if (!open) return events_.on_no_tunnel(open.error());
  if (!to_say.empty()) {
    const int count = stream_->try_write(to_say);
    if (count < 0) return on_end(count);
    if (static_cast<std::size_t>(count) < to_say.size()) return on_end(UV_ENOBUFS);
  }
  if (*open) events_.on_tunnel(std::move(stream_), bytes);
}

void Tunnel::on_end(int code) {
  Error error = http::proxy_error(ErrorCode::connect_failed, proxy_,
                                  "closed the connection before the way to the origin was open");
  if (code != UV_EOF) {
    error.system_code = code;
    error.detail += ": " + system_text(code);
  }
  events_.on_no_tunnel(std::move(error));
}

void Tunnel::on_byte_written(int) {}  // it never waits for room

}  // namespace headrace::io
