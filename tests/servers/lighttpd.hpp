#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

class Lighttpd : public WebServer {
 public:
  static constexpr const char* name = "lighttpd";
  static constexpr const char* limit = "`server.max-keep-alive-requests = 4`";

  explicit Lighttpd(const Setup& setup);
  bool may_give_lengths() const override { return true; }
};

}  // namespace headrace::test
