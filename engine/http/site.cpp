#include "engine/http/site.hpp"

#include <utility>

#include "engine/http/basic_credentials.hpp"

namespace headrace::http {

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
  site->get = "GET" + site->front;
  site->rest = " HTTP/1.1\r\nHost: " + site->host + "\r\n";
  site->rest.append(user_agent_line).append(site->proxy_fields).append("\r\n");
  return site;
}

}  // namespace headrace::http
