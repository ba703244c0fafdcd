#pragma once

#include <optional>
#include <string>

#include "tests/support/certificates.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace headrace::test {

// OpenSSL's own server, `openssl s_server`, one connection after the other. Any GET is answered
// with a page about the connection and its closing: "Reused, TLSv1.3, ..." or "New, ...", and how
// many of its sessions have been resumed so far.
class OpensslServer {
 public:
  // `version` as its option says it: "-tls1_2", "-tls1_3".
  OpensslServer(const Certificates& certificates, const std::string& version);

  std::string url() const { return "https://" + address_ + "/"; }

 private:
  TemporaryDirectory directory_;
  std::optional<Process> process_;
  std::string address_;
};

}  // namespace headrace::test
