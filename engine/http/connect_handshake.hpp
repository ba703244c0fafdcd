#pragma once

#include "engine/http/proxy_handshake.hpp"
#include "engine/http/response_reader.hpp"

namespace headrace::http {

// CONNECT (RFC 9110 §9.3.6): a 2xx opens the tunnel, and has no body whatever it says. Any other
// answer is a refusal, of which the head alone is looked at.
class ConnectHandshake final : public ProxyHandshake {
 public:
  // The proxy outlives it.
  ConnectHandshake(const ProxyServer& proxy, const Origin& origin);

  Result<bool> advance(Bytes& received, std::string& to_say) override;

 private:
  Error refusal(const ResponseHead& head) const;

  const ProxyServer& proxy_;
  std::string request_;  // until it is said
  ResponseReader reader_;
};

}  // namespace headrace::http
