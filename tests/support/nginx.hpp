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
  };

  Nginx() : Nginx(Settings()) {}
  explicit Nginx(const Settings& settings);
};

}  // namespace headrace::test
