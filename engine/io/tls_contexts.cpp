#include "engine/io/tls_contexts.hpp"

#include <utility>

#include "engine/http/url.hpp"

namespace headrace::io {
namespace {

Result<tls::Context*> make_once(std::unique_ptr<tls::Context>& context, const TlsOptions& options) {
  if (!context) {
    auto made = tls::Context::create(options);
    if (!made) return std::unexpected(std::move(made.error()));
    context = std::move(*made);
  }
  return context.get();
}

}  // namespace

Result<void> TlsContexts::open(const http::Proxies& proxies) {
  for (const OriginOptions& entry : options_.origins)
    if (Result<void> read_one = read(entry); !read_one) return read_one;
  if (tls::Context::may_refuse(options_.tls))
    if (auto made = make_once(engines_, options_.tls); !made) return std::unexpected(made.error());
  Result<void> outcome;
  proxies.for_each([&](const http::ProxyServer& proxy, const std::string& name) {
    if (!outcome || !proxy.at.tls || !tls::Context::may_refuse(proxy.tls)) return;
    if (auto made = choose(proxy); !made) {
      made.error().detail = "for " + name + ": " + made.error().detail;
      outcome = std::unexpected(std::move(made.error()));
    }
  });
  return outcome;
}

Result<void> TlsContexts::read(const OriginOptions& entry) {
  if (!entry.tls && entry.server_name.empty()) return {};
  const Result<http::Url> url = http::parse_url(entry.origin);
  if (!url) return std::unexpected(url.error());
  const std::string name = http::to_string(url->origin);
  Own& own = by_origin_[name];
  if (!entry.server_name.empty()) {
    Result<std::string> server_name = read_server_name(entry.server_name);
    if (!server_name) return std::unexpected(std::move(server_name.error()));
    own.server_name = std::move(*server_name);
  }
  if (!entry.tls) return {};
  own.options = &*entry.tls;
  if (!tls::Context::may_refuse(*own.options)) return {};
  auto made = make_once(own.context, *own.options);
  if (made) return {};
  made.error().detail = "for " + name + ": " + made.error().detail;
  return std::unexpected(std::move(made.error()));
}

Result<TlsChoice> TlsContexts::choose(const http::Origin& origin) {
  const auto found = by_origin_.find(http::to_string(origin));
  Own* own = found != by_origin_.end() ? &found->second : nullptr;
  const auto context = own != nullptr && own->options != nullptr
                           ? make_once(own->context, *own->options)
                           : make_once(engines_, options_.tls);
  if (!context) return std::unexpected(context.error());
  const bool named = own != nullptr && !own->server_name.empty();
  return TlsChoice{.context = *context, .server_name = named ? own->server_name : origin.host};
}

Result<TlsChoice> TlsContexts::choose(const http::ProxyServer& proxy) {
  const auto context = make_once(of_proxies_[&proxy], proxy.tls);
  if (!context) return std::unexpected(context.error());
  return TlsChoice{.context = *context, .server_name = proxy.at.host};
}

Result<std::string> read_server_name(const std::string& text) {
  const bool ipv6 = text.find(':') != std::string::npos;
  const Result<http::Url> url =
      http::parse_url("https://" + (ipv6 ? "[" + text + "]" : text) + ":443/");
  if (url && url->target == "/") return url->origin.host;
  return std::unexpected(Error{.code = ErrorCode::invalid_argument,
                               .safe_to_repeat = true,
                               .detail = "a server_name must be a host name or an IP address, "
                                         "without port, brackets or anything else"});
}

}  // namespace headrace::io
