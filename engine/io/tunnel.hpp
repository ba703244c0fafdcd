#pragma once

#include <memory>
#include <span>

#include "engine/http/proxy_handshake.hpp"
#include "engine/io/stream.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// Says to a proxy what it has to be told before the stream is the origin's.
class Tunnel final : Stream::Events {
 public:
  class Events {
   public:
    // What has come behind the proxy's last word is the origin's: valid during the call.
    virtual void on_tunnel(StreamPointer stream, Bytes received) = 0;
    virtual void on_no_tunnel(Error error) = 0;  // proxy_failed, connect_failed

   protected:
    ~Events() = default;
  };

  // The proxy outlives it.
  Tunnel(StreamPointer stream, const http::ProxyServer& proxy,
         std::unique_ptr<http::ProxyHandshake> handshake, Events& events);

  // May report before it returns. The tunnel may be destroyed in a report.
  void start(std::span<char> received);

 private:
  void on_bytes(Bytes bytes) override;
  void on_end(int code) override;
  void on_byte_written(int code) override;

  StreamPointer stream_;
  const http::ProxyServer& proxy_;
  std::unique_ptr<http::ProxyHandshake> handshake_;
  Events& events_;
};

}  // namespace headrace::io
