#include "bindings/cli/sample/ovirt.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "bindings/common/base64.hpp"
#include "bindings/inventory/percent.hpp"

namespace headrace::sample {
namespace {

constexpr std::string_view root = "/ovirt-engine";

Answer refusal(int status, std::string_view detail) {
  return {.status = status, .body = R"({"detail":")" + std::string(detail) + R"("})"};
}

std::optional<std::size_t> number_after(std::string_view query, std::string_view key) {
  const std::size_t at = query.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = query.substr(at + key.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

std::string number_text(const char* format, std::size_t number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string id_of(std::size_t index) {
  return number_text("00000000-0000-4000-8000-%012zx", index);
}

// The index in an id that `id_of` made.
std::optional<std::size_t> index_of(std::string_view id) {
  constexpr std::size_t prefix = 24;
  if (id.size() != prefix + 12) return std::nullopt;
  std::size_t index = 0;
  const char* const end = id.data() + id.size();
  const auto [stopped, error] = std::from_chars(id.data() + prefix, end, index, 16);
  if (error != std::errc() || stopped != end || id_of(index) != id) return std::nullopt;
  return index;
}

// Numbers and booleans are now bare, now in quotation marks, as oVirt has them.
std::string machine(std::size_t index) {
  const std::string id = id_of(index);
  const std::string href = std::string(root) + "/api/vms/" + id;
  std::string text =
      R"({"name":"machine-)" + number_text("%06zu", index) + R"(","description":"",)";
  text += R"("status":")" + std::string(index % 7 == 3 ? "down" : "up") + R"(",)";
  text += R"("memory":")" + std::to_string((1 + index % 16) << 30U) + R"(",)";
  text += R"("cpu":{"architecture":"x86_64","topology":{"cores":")" +
          std::to_string(1 + index % 8) + R"(","sockets":1,"threads":"1"}},)";
  text += R"("delete_protected":"false","run_once":false,"stateless":"false",)";
  text += R"("os":{"type":"debian_12","boot":{"devices":{"device":["hd"]}}},)";
  text += R"("fqdn":"machine-)" + std::to_string(index) + R"(.sample.invalid",)";
  text += R"("cluster":{"href":"/ovirt-engine/api/clusters/)" + id_of(index % 3) + R"(","id":")" +
          id_of(index % 3) + R"("},)";
  text += R"("creation_time":)" + std::to_string(1'700'000'000'000 + index) + ",";
  text += R"("link":[{"href":")" + href + R"(/nics","rel":"nics"},{"href":")" + href +
          R"(/diskattachments","rel":"diskattachments"}],)";
  text += R"("href":")" + href + R"(","id":")" + id + R"("})";
  return text;
}

std::string thing(std::string_view member, std::size_t index) {
  return R"({"name":")" + std::string(member) + "-" + std::to_string(index) + R"(","id":")" +
         id_of(index) + R"("})";
}

std::string nic(std::size_t machine_index, std::size_t index) {
  const std::size_t number = machine_index * 2 + index;
  return R"({"name":"nic)" + std::to_string(index + 1) +
         R"(","interface":"virtio","linked":"true","plugged":true,"mac":{"address":"56:6f:)" +
         number_text("%02zx", number >> 24U & 255U) + ":" +
         number_text("%02zx", number >> 16U & 255U) + ":" +
         number_text("%02zx", number >> 8U & 255U) + ":" + number_text("%02zx", number & 255U) +
         R"("},"id":")" + id_of(number) + R"("})";
}

std::string disk_attachment(std::size_t machine_index) {
  return R"({"active":"true","bootable":"true","interface":"virtio_scsi","read_only":false,)"
         R"("disk":{"provisioned_size":"10737418240","id":")" +
         id_of(machine_index) + R"("},"id":")" + id_of(machine_index) + R"("})";
}

std::string permission(std::size_t machine_index) {
  return R"({"role":{"id":")" + id_of(1) + R"("},"user":{"id":")" + id_of(machine_index % 5) +
         R"("},"id":")" + id_of(machine_index) + R"("})";
}

std::string_view member_of(std::string_view collection) {
  if (collection == "vms") return "vm";
  if (collection == "hosts") return "host";
  if (collection == "clusters") return "cluster";
  if (collection == "storagedomains") return "storage_domain";
  if (collection == "networks") return "network";
  return {};
}

}  // namespace

Answer OvirtService::operator()(const Request& request) {
  std::string_view path = request.target;
  const std::size_t mark = path.find('?');
  const std::string_view query = mark == path.npos ? std::string_view() : path.substr(mark + 1);
  path = path.substr(0, mark);
  if (!path.starts_with(root)) return refusal(404, "no such path");
  path.remove_prefix(root.size());
  if (path == "/sso/oauth/token") return log_in(request);
  if (!path.starts_with("/api/")) return refusal(404, "no such path");
  path.remove_prefix(5);

  if (!is_authorized(request)) {
    Answer answer = refusal(401, "log in");
    answer.fields.emplace_back("WWW-Authenticate", "Basic realm=\"sample\"");
    return answer;
  }
  if (request.method != "GET" && request.method != "HEAD") return refusal(405, "only GET");
  if (path.starts_with("vms/")) {
    path.remove_prefix(4);
    const std::size_t slash = path.find('/');
    if (slash == path.npos) return refusal(404, "no such path");
    return part(path.substr(0, slash), path.substr(slash + 1));
  }
  return list(path, query);
}

Answer OvirtService::log_in(const Request& request) {
  const std::string expected =
      "grant_type=password&scope=ovirt-app-api&username=" + percent_encode(user) +
      "&password=" + percent_encode(password);
  if (request.method != "POST") return refusal(405, "only POST");
  if (request.body != expected) return {.status = 400, .body = R"({"error":"access_denied"})"};
  const std::size_t number = ++logins_;
  return {.body =
              R"({"access_token":"token-)" + std::to_string(number) +
              R"(","scope":"ovirt-app-api","exp":"9223372036854775807","token_type":"bearer"})"};
}

bool OvirtService::is_authorized(const Request& request) const {
  const std::string_view given = request.field("authorization");
  if (given == "Basic " + base64_encode(std::string(user) + ":" + std::string(password)))
    return true;
  const auto token = number_after(given, "Bearer token-");
  return token && *token >= oldest_token_ && *token <= logins_;
}

std::size_t OvirtService::size_of(std::string_view collection) const {
  if (collection == "vms") return machines_;
  return collection == "hosts" || collection == "clusters" ? 3 : 5;
}

Answer OvirtService::list(std::string_view collection, std::string_view query) const {
  const std::string_view member = member_of(collection);
  if (member.empty()) return refusal(404, "no such collection");
  const std::size_t page = number_after(query, "search=page%20").value_or(1);
  const std::size_t most = number_after(query, "max=").value_or(100);
  const std::size_t size = size_of(collection);
  if (page == 0 || most == 0 || most > 1'000'000) return refusal(400, "a page has no such size");
  const std::size_t first = page - 1 > size / most ? size : (page - 1) * most;
  const std::size_t last = std::min(size, first + most);
  if (first >= last) return {.body = "{}"};
  std::string body = R"({")" + std::string(member) + R"(":[)";
  for (std::size_t index = first; index < last; ++index) {
    if (index != first) body += ',';
    body += collection == "vms" ? machine(index) : thing(member, index);
  }
  return {.body = body + "]}"};
}

Answer OvirtService::part(std::string_view id, std::string_view name) const {
  const auto index = index_of(id);
  if (!index || *index >= machines_) return refusal(404, "no such machine");
  if (name == "nics") return {.body = R"({"nic":[)" + nic(*index, 0) + "," + nic(*index, 1) + "]}"};
  if (name == "diskattachments")
    return {.body = R"({"disk_attachment":[)" + disk_attachment(*index) + "]}"};
  if (name == "permissions") {
    if (*index % 4 == 0) return {.body = "{}"};
    return {.body = R"({"permission":[)" + permission(*index) + "]}"};
  }
  return refusal(404, "no such part");
}

}  // namespace headrace::sample
