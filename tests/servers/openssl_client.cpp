#include "tests/servers/openssl_client.hpp"

#include <arpa/inet.h>

#include <array>

#include "tests/support/process.hpp"
#include "tests/support/web_server.hpp"

namespace headrace::test {
namespace {

bool is_address(const std::string& host) {
  std::array<char, 16> octets{};
  return inet_pton(AF_INET, host.c_str(), octets.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), octets.data()) == 1;
}

// "verify error:num=62:hostname mismatch\n"
std::string reason_in(const std::string& text) {
  const std::size_t found = text.find("verify error:num=");
  if (found == std::string::npos) return {};
  const std::size_t begin = text.find(':', found + std::string("verify error:").size()) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

OpensslVerdict ask_openssl(std::uint16_t port, const std::string& host,
                           std::vector<std::string> arguments) {
  std::vector<std::string> all{require_program("openssl").string(),
                               "s_client",
                               "-quiet",
                               "-verify_return_error",
                               "-no-CApath",
                               "-no-CAstore",
                               "-connect",
                               "127.0.0.1:" + std::to_string(port)};
  if (is_address(host))
    all.insert(all.end(), {"-verify_ip", host, "-noservername"});
  else
    all.insert(all.end(), {"-verify_hostname", host, "-servername", host});
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Finished done = run({.arguments = all}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  return {.answered = done.output.starts_with("HTTP/1.1 200"),
          .reason = reason_in(done.errors),
          .output = done.errors + done.output};
}

}  // namespace headrace::test
