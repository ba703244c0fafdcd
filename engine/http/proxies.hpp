#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/http/origin.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::http {

// A proxy as the options describe it, checked.
struct ProxyServer {
  enum class Protocol : std::uint8_t { http, socks5, socks5h };

  Protocol protocol = Protocol::http;
  Origin at;  // its host and port; `tls` for an https proxy
  std::string user;
  std::string password;
  TlsOptions tls;

  bool has_credentials() const noexcept { return !user.empty() || !password.empty(); }

  // Its requests go to the proxy itself, in absolute form; else through a tunnel.
  bool takes_requests_for(const Origin& origin) const noexcept {
    return protocol == Protocol::http && !origin.tls;
  }
};

std::string to_string(const ProxyServer& proxy);  // "socks5://proxy.example:1080", no credentials

// None for an empty url. invalid_argument names what is wrong with `where`, the option's name.
Result<std::shared_ptr<const ProxyServer>> read_proxy(const Proxy& given, const std::string& where);

// Which proxy an origin is reached by. It follows from the options and the origin alone, so it is
// the same for as long as an engine lives, on every thread.
class Proxies {
 public:
  static Result<Proxies> read(const Options& options);

  // Null: none. Valid as long as this is.
  const ProxyServer* find(const Origin& origin) const;

  // No origin at all has one.
  bool none() const noexcept;

  // Calls visit(const ProxyServer&) for each, with the name of its option.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    if (http_) visit(*http_, "http_proxy");
    if (https_) visit(*https_, "https_proxy");
    for (const auto& [origin, own] : own_)
      if (own) visit(*own, "proxy of " + origin);
  }

 private:
  using Pointer = std::shared_ptr<const ProxyServer>;

  Pointer http_;
  Pointer https_;
  std::string no_proxy_;
  bool sockets_ = false;                          // all others are reached by a Unix socket
  std::unordered_map<std::string, Pointer> own_;  // by to_string(Origin)
};

}  // namespace headrace::http
