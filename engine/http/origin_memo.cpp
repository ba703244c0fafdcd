#include "engine/http/origin_memo.hpp"

#include <utility>

#include "engine/http/basic_credentials.hpp"
#include "engine/http/url.hpp"

namespace headrace::http {
namespace {

// The same text up to where the authority ends in both.
bool begins_with(std::string_view url, std::string_view text) noexcept {
  if (text.empty() || !url.starts_with(text)) return false;
  if (url.size() == text.size()) return true;
  const char next = url[text.size()];
  return next == '/' || next == '?' || next == '#';
}

}  // namespace

Result<std::shared_ptr<const Site>> site_of(Result<Origin> origin, const Proxies* proxies) {
  if (!origin) return std::unexpected(std::move(origin.error()));
  auto site = std::make_shared<Site>();
  site->origin = *std::move(origin);
  site->host = host_field(site->origin);
  site->front = " ";
  const ProxyServer* proxy = proxies != nullptr ? proxies->find(site->origin) : nullptr;
  site->has_proxy = proxy != nullptr;
  if (proxy != nullptr && proxy->takes_requests_for(site->origin)) {
    site->front += "http://" + site->host;
    if (proxy->has_credentials())
      site->proxy_fields =
          "Proxy-Authorization: " + basic_credentials(proxy->user, proxy->password) + "\r\n";
  }
  site->rest = " HTTP/1.1\r\nHost: " + site->host + "\r\n";
  site->rest.append(user_agent_line).append(site->proxy_fields).append("\r\n");
  return site;
}

Result<std::shared_ptr<const Site>> OriginMemo::take_site(
    std::string_view& url, const std::shared_ptr<const Proxies>& proxies) {
  for (const Entry& entry : entries_) {
    if (entry.proxies != proxies || !begins_with(url, entry.text)) continue;
    url.remove_prefix(entry.text.size());
    return entry.site;
  }
  const std::string_view whole = url;
  auto site = site_of(take_origin(url), proxies.get());
  if (!site) return site;
  entries_[oldest_] = {.text = std::string{whole.substr(0, whole.size() - url.size())},
                       .proxies = proxies,
                       .site = *site};
  oldest_ = (oldest_ + 1) % entries_.size();
  return site;
}

}  // namespace headrace::http
