#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

// A line of its log: connection, status, method, path, TLS version, "r" where a session was resumed
// ("." where not, "-" without TLS).
class Nginx : public WebServer {
 public:
  struct Settings {
    unsigned keepalive_requests = 100'000;
    std::string tls_versions = "TLSv1.2 TLSv1.3";
    bool tickets = true;  // else sessions are kept by the server
    bool gzip = false;    // for who accepts it
    std::uint16_t application = 9;
  };
  static constexpr const char* name = "nginx";
  static constexpr const char* limit = "`keepalive_requests 4`";

  Nginx() : Nginx(Settings()) {}
  explicit Nginx(const Settings& settings);
  explicit Nginx(const Setup& setup)
      : Nginx(Settings{.keepalive_requests = setup.limited ? 4U : 100'000U,
                       .application = setup.application}) {}
};

}  // namespace headrace::test
