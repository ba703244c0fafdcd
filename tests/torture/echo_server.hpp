#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/descriptor.hpp"
#include "tests/support/server_tls.hpp"

namespace headrace::test {

// Answers every request with its own target for a body, in a process of its own, whose calls do not
// fail. A target that begins with "/silent" is not answered.
class EchoServer {
 public:
  // To be made while this process has no other thread.
  explicit EchoServer(const std::optional<ServerTls>& tls = {});
  ~EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  std::string url(const std::string& target) const { return origin_ + target; }
  // The same by the name "localhost", which has to be asked for.
  std::string url_by_name(const std::string& target) const;
  std::uint16_t port() const { return port_; }

 private:
  [[noreturn]] static void serve(const std::optional<ServerTls>& tls, int port_to, int until);

  pid_t child_ = -1;
  Descriptor alive_;  // the child ends with it
  std::uint16_t port_ = 0;
  std::string origin_;
};

}  // namespace headrace::test
