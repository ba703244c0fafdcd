#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "engine/http/origin.hpp"
#include "engine/http/proxies.hpp"
#include "engine/tls/context.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::io {

// How an origin is to be spoken to.
struct TlsChoice {
  tls::Context* context = nullptr;
  std::string server_name;  // sent as SNI and verified
};

// The TLS contexts of one loop: the engine's, and one for each origin with settings of its own. A
// context is what holds trust, client certificate and sessions to resume, so none of them crosses
// from one setting to another.
class TlsContexts {
 public:
  // The options must outlive it.
  explicit TlsContexts(const Options& options) : options_(options) {}

  // Reads OriginOptions, and makes the contexts that the options could be wrong for, those of
  // https proxies included. The error says for which origin or proxy.
  Result<void> open(const http::Proxies& proxies);

  // Makes the context when it is the first one asked for: reading the system's authorities costs a
  // plain http user nothing. Of an https origin.
  Result<TlsChoice> choose(const http::Origin& origin);

  // The same of an https proxy, one of those that open() was given.
  Result<TlsChoice> choose(const http::ProxyServer& proxy);

 private:
  struct Own {
    std::string server_name;
    const TlsOptions* options = nullptr;  // null: the engine's
    std::unique_ptr<tls::Context> context;
  };

  Result<void> read(const OriginOptions& entry);

  const Options& options_;
  std::unique_ptr<tls::Context> engines_;
  std::unordered_map<std::string, Own> by_origin_;  // by http::to_string
  std::unordered_map<const http::ProxyServer*, std::unique_ptr<tls::Context>> of_proxies_;
};

// The host that OriginOptions::server_name names, as an origin's host is written: lower case, no
// brackets. invalid_argument when it is none.
Result<std::string> read_server_name(const std::string& text);

}  // namespace headrace::io
