#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct addrinfo;

namespace headrace::io {

// Where a socket connects to: an IPv4 or IPv6 address with its port, or a Unix socket's path.
struct Address {
  sockaddr_storage storage = {};

  int family() const noexcept { return storage.ss_family; }
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

// The address that an IP literal stands for, IPv6 without brackets; none for a name.
std::optional<Address> literal_address(const std::string& host, std::uint16_t port);

// The Unix socket of that path; none when no socket can have it: it is empty, has a NUL or is
// longer than the system allows.
std::optional<Address> unix_address(const std::string& path);

// Of such an address.
std::string unix_path(const Address& address);

// The IPv4 and IPv6 addresses of a resolver's answer in the order in which to try them, without
// ports: the resolver's order (RFC 6724), but with the families taking turns, so that one of which
// nothing works holds up no more than every other attempt (RFC 8305 §4).
std::vector<Address> addresses_in(const addrinfo* answer);

// The same addresses, with this port.
std::vector<Address> with_port(std::vector<Address> addresses, std::uint16_t port);

// Of an IP address, without port or brackets.
std::string host_text(const Address& address);

std::string to_string(const Address& address);  // "127.0.0.1:80", "[::1]:80", "unix:/path"

// "connection refused (ECONNREFUSED)" for one of libuv's negative codes.
std::string system_text(int code);

}  // namespace headrace::io
