#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

class Caddy : public WebServer {
 public:
  static constexpr const char* name = "caddy";
  static constexpr const char* limit = "`header Connection close`";

  explicit Caddy(const Setup& setup);
  void read_again() override;
};

}  // namespace headrace::test
