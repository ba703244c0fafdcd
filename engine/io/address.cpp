#include "engine/io/address.hpp"

#include <netdb.h>
#include <uv.h>

#include <array>
#include <cstring>

namespace headrace::io {
namespace {

sockaddr_in& as_v4(Address& address) { return reinterpret_cast<sockaddr_in&>(address.storage); }
sockaddr_in6& as_v6(Address& address) { return reinterpret_cast<sockaddr_in6&>(address.storage); }

std::uint16_t port_of(const Address& address) {
  Address copy = address;
  return ntohs(address.storage.ss_family == AF_INET ? as_v4(copy).sin_port : as_v6(copy).sin6_port);
}

}  // namespace

std::optional<Address> literal_address(const std::string& host, std::uint16_t port) {
  Address address;
  if (uv_ip4_addr(host.c_str(), port, &as_v4(address)) == 0) return address;
  if (uv_ip6_addr(host.c_str(), port, &as_v6(address)) == 0) return address;
  return std::nullopt;
}

std::vector<Address> addresses_in(const addrinfo* answer, std::uint16_t port) {
  std::vector<Address> found;
  for (; answer != nullptr && found.size() < addresses_per_name_max; answer = answer->ai_next) {
    if (answer->ai_family != AF_INET && answer->ai_family != AF_INET6) continue;
    Address address;
    std::memcpy(&address.storage, answer->ai_addr, answer->ai_addrlen);
    if (answer->ai_family == AF_INET)
      as_v4(address).sin_port = htons(port);
    else
      as_v6(address).sin6_port = htons(port);
    found.push_back(address);
  }
  return found;
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  uv_ip_name(address.get(), text.data(), text.size());
  const std::string name = text.data();
  const bool v6 = address.storage.ss_family == AF_INET6;
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
