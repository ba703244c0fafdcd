#include "tests/servers/openssl_server.hpp"

#include <stdexcept>

#include "tests/support/web_server.hpp"

namespace headrace::test {
namespace {

// Of "ACCEPT 127.0.0.1:4433\n"; empty until that is there.
std::string address_in(const std::string& output) {
  const std::string before = "ACCEPT ";
  const std::size_t begin = output.find(before);
  const std::size_t end = output.find('\n', begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return output.substr(begin + before.size(), end - begin - before.size());
}

}  // namespace

// It says where it listens once it does. There is no event for that, so it is asked again and
// again; the wait in between ends when it dies.
OpensslServer::OpensslServer(const Certificates& certificates, const std::string& version) {
  constexpr std::chrono::milliseconds pause(10);
  const auto files = certificates.issue({.ips = {"127.0.0.1"}});
  process_.emplace(Command{
      .arguments = {require_program("openssl").string(), "s_server", "-accept", "127.0.0.1:0",
                    "-www", version, "-cert", files.chain_file, "-key", files.key_file},
      .output = directory_ / "output"});
  for (auto waited = pause; waited < patience && address_.empty(); waited += pause) {
    if (process_->wait(pause)) break;
    address_ = address_in(read_file(directory_ / "output"));
  }
  if (address_.empty())
    throw std::runtime_error("openssl s_server: " + read_file(directory_ / "output"));
}

}  // namespace headrace::test
