#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/inventory/provider.hpp"

namespace headrace::inventory {

/// How an oVirt engine is told who asks.
struct OvirtBasic {
  std::string user = {};  ///< "admin@internal"
  std::string password = {};
};
struct OvirtSso {  ///< one login for all requests, another when its token has expired
  std::string user = {};
  std::string password = {};
};
struct OvirtToken {
  std::string token = {};  ///< one that somebody else got; cannot be renewed here
};
using OvirtAuth = std::variant<OvirtBasic, OvirtSso, OvirtToken>;

struct OvirtOptions {
  std::string url = {};  ///< "https://host/ovirt-engine/api"; the path may be left out
  OvirtAuth auth = OvirtBasic{};
  std::size_t page_size = 100;
};

/// vms, hosts, clusters, storagedomains, networks.
std::span<const Collection> ovirt_collections();

/// The URL that oVirt's API has when only a host was given, without a slash at the end.
std::string ovirt_base_url(std::string_view url);

/// oVirt's REST API in JSON, to be used with an engine whose `base_url` is `ovirt_base_url(url)`.
class Ovirt final : public Provider {
 public:
  explicit Ovirt(OvirtOptions options);

  std::size_t page_size() const override { return options_.page_size; }
  Request page(const Collection& collection, std::size_t number) const override;
  Request part(const Collection& collection, std::string_view id, const Part& part) const override;
  Outcome<std::vector<json::Item>> read(std::string_view member, std::string body) const override;
  std::optional<Request> login() const override;
  Outcome<std::string> read_login(Response response) const override;
  void authorize(Request& request, std::string_view token) const override;

 private:
  OvirtOptions options_;
};

}  // namespace headrace::inventory
