#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/http/origin.hpp"
#include "engine/http/proxies.hpp"
#include "engine/io/address_book.hpp"
#include "engine/io/race.hpp"
#include "engine/io/stream.hpp"
#include "engine/io/tls_contexts.hpp"
#include "engine/io/tls_stream.hpp"
#include "engine/io/tunnel.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// What the diallers of one loop share.
struct DialSurroundings {
  uv_loop_t* loop = nullptr;
  AddressBook* addresses = nullptr;
  const http::Proxies* proxies = nullptr;
  TlsContexts* tls = nullptr;  // for TLS with proxies
  std::span<char> received;    // every socket reads into this
  std::span<char> unveiled;    // and TLS with a proxy decrypts into that, where there is any
};

// Gets a stream to an origin, straight or by its proxy. Time limits are the core's: it closes what
// takes too long. Destroying the dialler gives up.
//
//     resolving      of a socks5 proxy: the resolver looks for the origin
//     finding        the resolver looks for the server to connect to, origin or proxy
//     racing         its addresses race
//     veiling        of an https proxy: TLS with it
//     asking         the proxy is told where to, but for an http origin's requests, which say so
//
// What is known without asking is not waited for.
class Dialler final : Resolver::Waiter, Race::Events, TlsStream::HandshakeEvents, Tunnel::Events {
 public:
  class Events {
   public:
    // With what the origin has said already, behind a proxy's last word: valid during the call.
    virtual void on_stream(StreamPointer stream, Bytes received) = 0;
    // resolve_failed, connect_failed, tls_failed, proxy_failed, with libuv's code if it has one.
    virtual void on_dial_failed(Error error) = 0;

   protected:
    ~Events() = default;
  };

  Dialler(const DialSurroundings& around, Events& events,
          std::shared_ptr<const http::Origin> origin);
  ~Dialler();
  Dialler(const Dialler&) = delete;
  Dialler& operator=(const Dialler&) = delete;

  // May report before it returns. The dialler may be destroyed in a report.
  void start(Instant now);

 private:
  void on_resolved(int code, const std::vector<Address>& addresses) override;
  void on_won(SocketPointer socket) override;
  void on_lost(Error error) override;
  void on_address_failed(const Address& address) override;
  void on_address_connected(const Address& address) override;
  void on_shaken_hands() override;
  void on_handshake_failed(Error error) override;
  void on_tunnel(StreamPointer stream, Bytes received) override;
  void on_no_tunnel(Error error) override;

  void find_server();
  void resolve(const std::string& host);
  void race_between(std::vector<Address> addresses);
  void ask(StreamPointer stream);
  void fail(Error error);

  const DialSurroundings& around_;
  Events& events_;
  std::shared_ptr<const http::Origin> origin_;
  const http::ProxyServer* proxy_ = nullptr;
  const http::Origin* server_ = nullptr;  // to connect to; null while an origin is resolved
  std::string destination_;               // as the proxy is told it
  Instant started_ = {};
  std::optional<Race> race_;
  TlsStreamPointer veil_;
  std::optional<Tunnel> tunnel_;
  bool resolved_in_vain_ = false;  // addresses came from the resolver, and none has accepted yet
};

}  // namespace headrace::io
