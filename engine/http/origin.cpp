#include "engine/http/origin.hpp"

namespace headrace::http {
namespace {

// Only an IPv6 address has a colon, and it wants its brackets back.
std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace

std::string to_string(const Origin& origin) {
  return (origin.tls ? "https://" : "http://") + bracketed(origin.host) + ':' +
         std::to_string(origin.port);
}

std::string host_field(const Origin& origin) {
  const bool is_default = origin.port == (origin.tls ? 443 : 80);
  return is_default ? bracketed(origin.host)
                    : bracketed(origin.host) + ':' + std::to_string(origin.port);
}

}  // namespace headrace::http
