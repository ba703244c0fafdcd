#pragma once

#include <cstdint>

#include "engine/http/proxy_handshake.hpp"

namespace headrace::http {

// SOCKS version 5 (RFC 1928), with a user and a password where there are any (RFC 1929).
//
//     greeting    we said how we can log in; it says how we shall
//     login       we said who we are; it says whether that will do
//     request     we said where to; it says whether it is connected
class SocksHandshake final : public ProxyHandshake {
 public:
  // The proxy outlives it.
  SocksHandshake(const ProxyServer& proxy, std::string destination, std::uint16_t port)
      : proxy_(proxy), destination_(std::move(destination)), port_(port) {}

  Result<bool> advance(Bytes& received, std::string& to_say) override;

 private:
  enum class State : std::uint8_t { begin, greeting, login, request, open };

  bool take(Bytes& received, std::size_t size);
  Result<void> on_greeting(std::string& to_say);
  Result<void> on_login(std::string& to_say);
  Result<void> on_reply();
  std::size_t reply_size() const;
  std::string request() const;
  std::unexpected<Error> failed(const std::string& what) const;

  const ProxyServer& proxy_;
  const std::string destination_;
  const std::uint16_t port_;
  State state_ = State::begin;
  std::string answer_;  // what came of the current one; at most 262 bytes
};

}  // namespace headrace::http
