#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

// A line of its log: the client's port, status, method, path, and over TLS "Initial" or "Resumed".
class Apache : public WebServer {
 public:
  struct Settings {
    unsigned keepalive_requests_max = 0;  // MaxKeepAliveRequests; 0: no limit
    std::uint16_t application = 9;
  };
  static constexpr const char* name = "Apache";
  static constexpr const char* limit = "`MaxKeepAliveRequests 4`";

  Apache() : Apache(Settings()) {}
  explicit Apache(const Settings& settings);
  explicit Apache(const Setup& setup)
      : Apache(Settings{.keepalive_requests_max = setup.limited ? 4U : 0U,
                        .application = setup.application}) {}
};

}  // namespace headrace::test
