#include "engine/io/known_addresses.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/http/url.hpp"
#include "headrace/detail/ascii.hpp"

namespace headrace::io {
namespace {

std::unexpected<Error> refuse(std::string detail) {
  return std::unexpected(Error{
      .code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)});
}

Result<Address> read_path(const std::string& path, const std::string& where) {
  if (const auto address = unix_address(path)) return *address;
  return refuse(where +
                ": a Unix socket's path has 1 to 107 bytes and no NUL; use a shorter one, "
                "relative perhaps");
}

}  // namespace

Result<KnownAddresses> KnownAddresses::read(const Options& options) {
  KnownAddresses made;
  for (std::size_t i = 0; i < options.host_addresses.size(); ++i) {
    const std::string where = "option host_addresses[" + std::to_string(i) + "]";
    if (Result<void> read = made.read_host(options.host_addresses[i], where); !read)
      return std::unexpected(std::move(read.error()));
  }
  if (!options.unix_socket.empty()) {
    const Result<Address> address = read_path(options.unix_socket, "option unix_socket");
    if (!address) return std::unexpected(address.error());
    made.socket_ = {*address};
  }
  for (std::size_t i = 0; i < options.origins.size(); ++i) {
    const std::string where = "option origins[" + std::to_string(i) + "].unix_socket";
    if (Result<void> read = made.read_socket(options.origins[i], where); !read)
      return std::unexpected(std::move(read.error()));
  }
  return made;
}

Result<void> KnownAddresses::read_host(const HostAddresses& given, const std::string& where) {
  Entry entry{.host = given.host, .port = given.port, .addresses = {}};
  if (given.host != "*") {
    const bool ipv6 = given.host.contains(':');
    std::string url = "http://" + (ipv6 ? "[" + given.host + "]" : given.host);
    std::string_view rest = url;
    const Result<http::Origin> origin = http::take_origin(rest);
    if (!origin || !rest.empty() || origin->port != 80)
      return refuse(where + ".host is neither a host name, nor an IP address, nor \"*\"");
    entry.host = origin->host;
  }
  if (given.addresses.empty() || given.addresses.size() > limits::addresses_per_name_max)
    return refuse(where + ".addresses are " + std::to_string(given.addresses.size()) +
                  ", allowed are 1 to " + std::to_string(limits::addresses_per_name_max));
  for (const std::string& text : given.addresses) {
    const auto address = literal_address(text, 0);
    if (!address) return refuse(where + ".addresses has one that is no IP address");
    entry.addresses.push_back(*address);
  }
  entries_.push_back(std::move(entry));
  return {};
}

Result<void> KnownAddresses::read_socket(const OriginOptions& given, const std::string& where) {
  if (given.unix_socket.empty()) return {};
  const Result<http::Url> url = http::parse_url(given.origin);
  if (!url) return std::unexpected(url.error());
  const Result<Address> address = read_path(given.unix_socket, where);
  if (!address) return std::unexpected(address.error());
  socket_of_[http::to_string(url->origin)] = *address;
  return {};
}

std::vector<Address> KnownAddresses::of(const http::Origin& origin) const {
  if (!socket_of_.empty()) {
    const auto found = socket_of_.find(http::to_string(origin));
    if (found != socket_of_.end()) return {found->second};
  }
  return socket_.empty() ? of(origin.host, origin.port) : socket_;
}

std::vector<Address> KnownAddresses::of(const std::string& host, std::uint16_t port) const {
  const auto fits = [&](const Entry& entry) {
    return (entry.host == "*" || entry.host == host) && (entry.port == 0 || entry.port == port);
  };
  const auto found = std::ranges::find_if(entries_, fits);
  if (found != entries_.end()) return with_port(found->addresses, port);
  if (const auto literal = literal_address(host, port)) return {*literal};
  return {};
}

}  // namespace headrace::io
