#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headrace::test {

// What became of a GET by `openssl s_client`.
struct OpensslVerdict {
  bool answered = false;  // an HTTP answer came
  std::string reason;     // "hostname mismatch", where it refused the server's certificate
  std::string output;     // all that it said
};

// Connects to the port, verifies chain and name as it would by itself, and leaves at the first
// thing that is wrong. `host` is a name or an IP address; `arguments` say whom to trust.
OpensslVerdict ask_openssl(std::uint16_t port, const std::string& host,
                           std::vector<std::string> arguments);

}  // namespace headrace::test
