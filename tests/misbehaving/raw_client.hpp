#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/cli/sample/misbehaving_server.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {

// A client that pipelines without any care, to see what a server does with it.
class RawClient {
 public:
  explicit RawClient(const sample::MisbehavingServer& server);

  // GETs of these targets, in one write.
  void ask(std::initializer_list<std::string_view> targets);

  // Status and body of the next answer, "200 /target"; "closed" or "reset" when none comes.
  std::string next();
  // What is left of the stream, to its end.
  std::string rest();

 private:
  std::optional<std::string> take_answer();

  Socket socket_;
  std::string buffer_;
};

}  // namespace headrace::test
