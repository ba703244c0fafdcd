#pragma once

#include <memory>
#include <string>

#include "engine/base/bytes.hpp"
#include "engine/http/origin.hpp"
#include "engine/http/proxies.hpp"
#include "headrace/error.hpp"

namespace headrace::http {

// What is said to a proxy, and heard from it, before a connection is the origin's. Bytes in, bytes
// out; whoever drives it has the socket.
class ProxyHandshake {
 public:
  ProxyHandshake() = default;
  ProxyHandshake(const ProxyHandshake&) = delete;
  ProxyHandshake& operator=(const ProxyHandshake&) = delete;
  virtual ~ProxyHandshake() = default;

  // Called with nothing at first, then with what the proxy says. `to_say` gets what it is to be
  // told next. True: the way is open, and what is left of `received` comes from the origin. False:
  // more has to come. What is kept in between is bounded. The error is proxy_failed or
  // connect_failed; after it nothing more may be called.
  virtual Result<bool> advance(Bytes& received, std::string& to_say) = 0;
};

// Null when there is nothing to say: the proxy takes requests for the origin. `destination` is
// where to, by a host name or an IP address without brackets.
std::unique_ptr<ProxyHandshake> handshake_with(const ProxyServer& proxy, const Origin& origin,
                                               const std::string& destination);

// An error of a proxy's, which names it.
Error proxy_error(ErrorCode code, const ProxyServer& proxy, const std::string& what);

}  // namespace headrace::http
