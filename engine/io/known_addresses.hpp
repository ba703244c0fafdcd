#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/http/origin.hpp"
#include "engine/io/address.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::io {

// What the options say about where hosts are: for these, and for IP literals, there is no question
// to a resolver.
class KnownAddresses {
 public:
  // invalid_argument names the entry that can't be read.
  static Result<KnownAddresses> read(const Options& options);

  // Of an origin's own server; none: its name is to be resolved.
  std::vector<Address> of(const http::Origin& origin) const;

  // Of any host, as Options::host_addresses or the host itself say.
  std::vector<Address> of(const std::string& host, std::uint16_t port) const;

 private:
  struct Entry {
    std::string host;  // lower case, "*" for any
    std::uint16_t port;
    std::vector<Address> addresses;  // without ports
  };

  Result<void> read_host(const HostAddresses& given, const std::string& where);
  Result<void> read_socket(const OriginOptions& given, const std::string& where);

  std::vector<Entry> entries_;
  std::vector<Address> socket_;                         // of all other origins; or none
  std::unordered_map<std::string, Address> socket_of_;  // by http::to_string
};

}  // namespace headrace::io
