#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

// A line of its log: the client's port, status, method, path, and over TLS "Initial" or "Resumed".
class Apache : public WebServer {
 public:
  struct Settings {
    unsigned keepalive_requests_max = 0;  // MaxKeepAliveRequests; 0: no limit
  };

  Apache() : Apache(Settings()) {}
  explicit Apache(const Settings& settings);
};

}  // namespace headrace::test
