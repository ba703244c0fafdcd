#include "bindings/inventory/ovirt.hpp"

#include <algorithm>
#include <array>

#include "bindings/common/base64.hpp"
#include "bindings/inventory/percent.hpp"

namespace headrace::inventory {
namespace {

constexpr std::string_view api_path = "/ovirt-engine/api";

// Members that are numbers and booleans in oVirt's model. Its JSON writes many of them as strings,
// and not the same ones in every version.
constexpr auto scalar_members = std::to_array<std::string_view>({
    "active",
    "actual_size",
    "auto_pinning",
    "available",
    "ballooning",
    "bootable",
    "committed",
    "cores",
    "delete_protected",
    "display",
    "guaranteed",
    "initial_size",
    "kdump_status",
    "linked",
    "master",
    "max",
    "max_scheduling_memory",
    "memory",
    "mtu",
    "multi_queues_enabled",
    "pass_discard",
    "plugged",
    "port",
    "profile_required",
    "propagate_errors",
    "provisioned_size",
    "read_only",
    "required",
    "run_once",
    "secure_port",
    "shareable",
    "single_qxl_pci",
    "sockets",
    "speed",
    "ssh_port",
    "start_paused",
    "stateless",
    "stp",
    "supports_discard",
    "synced",
    "threads",
    "total_size",
    "tpm_enabled",
    "usage",
    "used",
    "uses_scsi_reservation",
    "wipe_after_delete",
});
static_assert(std::ranges::is_sorted(scalar_members));

bool is_scalar_member(std::string_view key) {
  return std::ranges::binary_search(scalar_members, key);
}

Request request_for(std::string url) {
  Request request;
  request.url = std::move(url);
  request.headers.append("Accept", "application/json");
  return request;
}

// The single sign-on service lies beside the API: ".../ovirt-engine/sso/oauth/token".
std::string login_url(std::string_view base_url) {
  if (base_url.ends_with("/api")) base_url.remove_suffix(4);
  return std::string(base_url) + "/sso/oauth/token";
}

// oVirt's own word for a refusal, when it is one that can be shown without care.
std::string refusal_of(std::string body) {
  const auto word = json::read_string(std::move(body), "error");
  if (!word || word->empty() || word->size() > 64) return {};
  const bool plain = std::ranges::all_of(
      *word, [](char letter) { return (letter >= 'a' && letter <= 'z') || letter == '_'; });
  return plain ? " (" + *word + ")" : std::string();
}

}  // namespace

std::span<const Collection> ovirt_collections() {
  static const std::array<Collection, 5> all = {{
      {.name = "vms",
       .member = "vm",
       .parts = {{.name = "diskattachments", .member = "disk_attachment"},
                 {.name = "nics", .member = "nic"},
                 {.name = "permissions", .member = "permission"}}},
      {.name = "hosts", .member = "host"},
      {.name = "clusters", .member = "cluster"},
      {.name = "storagedomains", .member = "storage_domain"},
      {.name = "networks", .member = "network"},
  }};
  return all;
}

std::string ovirt_base_url(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t scheme_end = url.find("://");
  const bool bare = scheme_end != std::string_view::npos &&
                    url.find('/', scheme_end + 3) == std::string_view::npos;
  return std::string(url) + std::string(bare ? api_path : "");
}

Ovirt::Ovirt(OvirtOptions options) : options_(std::move(options)) {
  options_.url = ovirt_base_url(options_.url);
  options_.page_size = std::max<std::size_t>(options_.page_size, 1);
}

Request Ovirt::page(const Collection& collection, std::size_t number) const {
  return request_for("/" + collection.name + "?search=page%20" + std::to_string(number) +
                     "&max=" + std::to_string(options_.page_size));
}

Request Ovirt::part(const Collection& collection, std::string_view id, const Part& part) const {
  return request_for("/" + collection.name + "/" + percent_encode(id) + "/" + part.name);
}

Outcome<std::vector<json::Item>> Ovirt::read(std::string_view member, std::string body) const {
  auto items = json::read_collection(std::move(body), member, is_scalar_member);
  if (!items)
    return std::unexpected(Failure{.code = "bad_json", .message = std::move(items.error())});
  return std::move(*items);
}

std::optional<Request> Ovirt::login() const {
  const auto* sso = std::get_if<OvirtSso>(&options_.auth);
  if (sso == nullptr) return std::nullopt;
  Request request = request_for(login_url(options_.url));
  request.method = "POST";
  request.headers.append("Content-Type", "application/x-www-form-urlencoded");
  request.body = "grant_type=password&scope=ovirt-app-api&username=" + percent_encode(sso->user) +
                 "&password=" + percent_encode(sso->password);
  return request;
}

Outcome<std::string> Ovirt::read_login(Response response) const {
  if (response.status != 200) {
    return std::unexpected(
        Failure{.code = "login_failed",
                .message = "the login was refused with status " + std::to_string(response.status) +
                           refusal_of(std::move(response.body)) + ": check user and password",
                .status = response.status});
  }
  auto token = json::read_string(std::move(response.body), "access_token");
  if (!token || token->empty()) {
    return std::unexpected(Failure{.code = "login_failed",
                                   .message = "the answer to the login holds no access_token: is "
                                              "this an oVirt engine"});
  }
  return std::move(*token);
}

void Ovirt::authorize(Request& request, std::string_view token) const {
  if (const auto* basic = std::get_if<OvirtBasic>(&options_.auth)) {
    request.headers.append("Authorization",
                           "Basic " + base64_encode(basic->user + ":" + basic->password));
  } else if (const auto* given = std::get_if<OvirtToken>(&options_.auth)) {
    request.headers.append("Authorization", "Bearer " + given->token);
  } else if (!token.empty()) {
    request.headers.append("Authorization", "Bearer " + std::string(token));
  }
}

}  // namespace headrace::inventory
