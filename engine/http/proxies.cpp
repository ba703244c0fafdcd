#include "engine/http/proxies.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/http/no_proxy.hpp"
#include "engine/http/refusal.hpp"
#include "engine/http/url.hpp"
#include "headrace/detail/ascii.hpp"

namespace headrace::http {
namespace {

struct Scheme {
  std::string_view name;
  ProxyServer::Protocol protocol;
  bool tls;
  std::uint16_t port;
};

using enum ProxyServer::Protocol;
constexpr std::array schemes = {
    Scheme{"http", http, false, 80},
    Scheme{"https", http, true, 443},
    Scheme{"socks5", socks5, false, 1080},
    Scheme{"socks5h", socks5h, false, 1080},
};

// Socks counts them in a byte.
constexpr std::size_t credential_bytes_max = 255;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<void> check_credentials(const ProxyServer& proxy, const std::string& where) {
  for (const std::string* part : {&proxy.user, &proxy.password}) {
    if (part->size() > credential_bytes_max)
      return refused(where + ": user and password may have 255 bytes each");
    if (std::ranges::any_of(*part, is_control))
      return refused(where + ": user or password has a control character");
  }
  if (proxy.protocol == http && proxy.user.contains(':'))
    return refused(where + ": the user has a colon, which Basic credentials can't carry");
  if (proxy.protocol != http && proxy.has_credentials() &&
      (proxy.user.empty() || proxy.password.empty()))
    return refused(where + ": SOCKS wants a user and a password, or neither");
  return {};
}

}  // namespace

std::string to_string(const ProxyServer& proxy) {
  const auto scheme = std::ranges::find_if(schemes, [&](const Scheme& one) {
    return one.protocol == proxy.protocol && one.tls == proxy.at.tls;
  });
  const std::string as_origin = to_string(proxy.at);
  return std::string(scheme->name) + as_origin.substr(as_origin.find(':'));
}

Result<std::shared_ptr<const ProxyServer>> read_proxy(const Proxy& given,
                                                      const std::string& where) {
  if (given.url.empty()) return nullptr;
  const std::string_view text = given.url;
  const std::size_t end = text.find("://");
  const auto scheme = std::ranges::find_if(schemes, [&](const Scheme& one) {
    return end != std::string_view::npos && equal_ignoring_case(text.substr(0, end), one.name);
  });
  if (scheme == schemes.end())
    return refused(where + ".url does not begin with http://, https://, socks5:// or socks5h://");
  const std::string_view authority = text.substr(end + 3);
  if (authority.contains('@'))
    return refused(where + ".url has a user name or password: give them as user and password");
  // An origin's default ports are not those of SOCKS, so a port that is not there is put there.
  const std::string_view host = authority.substr(0, authority.find_first_of("/?#"));
  const bool has_port = host.substr(host.find(']') + 1).contains(':');  // npos + 1 is 0
  const std::string url = (scheme->tls ? "https://" : "http://") + std::string(host) +
                          (has_port ? "" : ":" + std::to_string(scheme->port));
  std::string_view rest = url;
  Result<Origin> at = take_origin(rest);
  if (!at) return refused(where + ".url: " + at.error().detail);
  if (host.size() != authority.size() && authority.substr(host.size()) != "/")
    return refused(where + ".url has more than scheme, host and port");
  auto made = std::make_shared<ProxyServer>(ProxyServer{.protocol = scheme->protocol,
                                                        .at = std::move(*at),
                                                        .user = given.user,
                                                        .password = given.password,
                                                        .tls = given.tls});
  if (Result<void> checked = check_credentials(*made, where); !checked)
    return std::unexpected(std::move(checked.error()));
  return made;
}

Result<Proxies> Proxies::read(const Options& options) {
  Proxies made;
  for (const auto& [given, where, to] :
       {std::tuple{&options.http_proxy, "option http_proxy", &made.http_},
        std::tuple{&options.https_proxy, "option https_proxy", &made.https_}}) {
    auto read = read_proxy(*given, where);
    if (!read) return std::unexpected(std::move(read.error()));
    *to = *std::move(read);
  }
  made.no_proxy_ = options.no_proxy;
  made.sockets_ = !options.unix_socket.empty();
  for (std::size_t i = 0; i < options.origins.size(); ++i) {
    const OriginOptions& entry = options.origins[i];
    if (!entry.proxy && entry.unix_socket.empty()) continue;
    const std::string where = "option origins[" + std::to_string(i) + "].proxy";
    const Result<Url> url = parse_url(entry.origin);
    if (!url) return std::unexpected(url.error());
    auto read = read_proxy(entry.proxy.value_or(Proxy{}), where);
    if (!read) return std::unexpected(std::move(read.error()));
    if (*read && !entry.unix_socket.empty())
      return refused(where + ": the origin has a unix_socket too: give one of them");
    made.own_[to_string(url->origin)] = *std::move(read);
  }
  return made;
}

const ProxyServer* Proxies::find(const Origin& origin) const {
  if (!own_.empty()) {
    const auto found = own_.find(to_string(origin));
    if (found != own_.end()) return found->second.get();
  }
  const Pointer& proxy = origin.tls ? https_ : http_;
  if (!proxy || sockets_ || is_named_by(no_proxy_, origin.host)) return nullptr;
  return proxy.get();
}

bool Proxies::none() const noexcept {
  const auto is_proxy = [](const auto& own) { return own.second != nullptr; };
  return !http_ && !https_ && std::ranges::none_of(own_, is_proxy);
}

}  // namespace headrace::http
