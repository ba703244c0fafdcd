#include "engine/http/proxy_handshake.hpp"

#include "engine/http/connect_handshake.hpp"
#include "engine/http/socks_handshake.hpp"

namespace headrace::http {

std::unique_ptr<ProxyHandshake> handshake_with(const ProxyServer& proxy, const Origin& origin,
                                               const std::string& destination) {
  if (proxy.takes_requests_for(origin)) return nullptr;
  if (proxy.protocol == ProxyServer::Protocol::http)
    return std::make_unique<ConnectHandshake>(proxy, origin);
  return std::make_unique<SocksHandshake>(proxy, destination, origin.port);
}

Error proxy_error(ErrorCode code, const ProxyServer& proxy, const std::string& what) {
  return {.code = code,
          .phase = Phase::connect,
          .detail = "the proxy " + to_string(proxy) + " " + what};
}

}  // namespace headrace::http
