#pragma once

#include "tests/support/web_server.hpp"

namespace headrace::test {

// Its master is a Perl script, which is what reloads it: by another worker.
class H2o : public WebServer {
 public:
  static constexpr const char* name = "h2o";
  static constexpr const char* limit = "";  // it has none

  explicit H2o(const Setup& setup);
};

}  // namespace headrace::test
