#include "engine/io/address.hpp"

#include <netdb.h>
#include <sys/un.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/base/limits.hpp"

namespace headrace::io {
namespace {

sockaddr_in& as_v4(Address& address) { return reinterpret_cast<sockaddr_in&>(address.storage); }
sockaddr_in6& as_v6(Address& address) { return reinterpret_cast<sockaddr_in6&>(address.storage); }

sockaddr_un& as_unix(Address& address) { return reinterpret_cast<sockaddr_un&>(address.storage); }

std::uint16_t port_of(const Address& address) {
  Address copy = address;
  return ntohs(address.family() == AF_INET ? as_v4(copy).sin_port : as_v6(copy).sin6_port);
}

std::vector<Address> taking_turns(const std::vector<Address>& first,
                                  const std::vector<Address>& second) {
  std::vector<Address> all;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) all.push_back(first[i]);
    if (i < second.size()) all.push_back(second[i]);
  }
  if (all.size() > limits::addresses_per_name_max) all.resize(limits::addresses_per_name_max);
  return all;
}

}  // namespace

std::optional<Address> literal_address(const std::string& host, std::uint16_t port) {
  Address address;
  if (uv_ip4_addr(host.c_str(), port, &as_v4(address)) == 0) return address;
  if (uv_ip6_addr(host.c_str(), port, &as_v6(address)) == 0) return address;
  return std::nullopt;
}

std::optional<Address> unix_address(const std::string& path) {
  Address address;
  sockaddr_un& socket = as_unix(address);
  if (path.empty() || path.size() >= sizeof socket.sun_path || path.contains('\0'))
    return std::nullopt;
  socket.sun_family = AF_UNIX;
  std::ranges::copy(path, socket.sun_path);
  return address;
}

std::string unix_path(const Address& address) {
  Address copy = address;
  return as_unix(copy).sun_path;
}

std::vector<Address> addresses_in(const addrinfo* answer) {
  std::vector<Address> first;  // of the family that comes first
  std::vector<Address> second;
  for (; answer != nullptr; answer = answer->ai_next) {
    if (answer->ai_family != AF_INET && answer->ai_family != AF_INET6) continue;
    Address address;
    std::memcpy(&address.storage, answer->ai_addr, answer->ai_addrlen);
    const bool of_first = first.empty() || first.front().family() == address.family();
    std::vector<Address>& same = of_first ? first : second;
    if (same.size() < limits::addresses_per_name_max) same.push_back(address);
  }
  return taking_turns(first, second);
}

std::vector<Address> with_port(std::vector<Address> addresses, std::uint16_t port) {
  for (Address& address : addresses) {
    if (address.family() == AF_INET)
      as_v4(address).sin_port = htons(port);
    else
      as_v6(address).sin6_port = htons(port);
  }
  return addresses;
}

std::string host_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  uv_ip_name(address.get(), text.data(), text.size());
  return text.data();
}

std::string to_string(const Address& address) {
  if (address.family() == AF_UNIX) return "unix:" + unix_path(address);
  const std::string name = host_text(address);
  const bool v6 = address.family() == AF_INET6;
  return (v6 ? "[" + name + "]" : name) + ":" + std::to_string(port_of(address));
}

std::string system_text(int code) {
  std::array<char, 128> text{};
  std::array<char, 32> name{};
  uv_strerror_r(code, text.data(), text.size());
  uv_err_name_r(code, name.data(), name.size());
  return std::string(text.data()) + " (" + name.data() + ")";
}

}  // namespace headrace::io
