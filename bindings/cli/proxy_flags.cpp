#include "bindings/cli/proxy_flags.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "bindings/cli/secret.hpp"
#include "bindings/common/environment_proxies.hpp"

namespace headrace::cli {
namespace {

std::expected<void, std::string> read_user(const std::string& file, Proxy& proxy) {
  if (file.empty()) return {};
  auto secret = read_secret(file);
  if (!secret) return std::unexpected(std::move(secret.error()));
  const std::size_t colon = secret->find(':');
  if (colon == std::string::npos)
    return std::unexpected("the file of --proxy-user-file does not hold USER:PASSWORD");
  proxy.user = secret->substr(0, colon);
  proxy.password = secret->substr(colon + 1);
  return {};
}

}  // namespace

void add_proxy_flags(CLI::App& command, ProxyFlags& flags) {
  command
      .add_option("-x,--proxy", flags.proxy,
                  "[SCHEME://]HOST[:PORT] of a proxy, http, https, socks5 or socks5h; \"\" for "
                  "none, whatever the environment says")
      ->check([](const std::string& text) -> std::string {
        if (!text.contains('@')) return {};
        return "credentials may not stand on the command line, where others can see them: use "
               "--proxy-user-file or the environment";
      });
  command.add_option("--noproxy", flags.no_proxy,
                     "Hosts to reach without it: names, addresses, networks, with commas between");
  command
      .add_option("--proxy-user-file", flags.user_file,
                  "File with USER:PASSWORD for the proxy of --proxy")
      ->needs("--proxy");
  command.add_option("--proxy-cacert", flags.ca_file,
                     "PEM file of the authorities to trust for an https proxy");
  command.add_flag("--proxy-insecure", flags.insecure,
                   "Do not verify the certificate of an https proxy: for tests only");
}

std::expected<void, std::string> finish_proxies(const ProxyFlags& flags, Options& options,
                                                const Environment& environment) {
  if (flags.proxy) {
    auto given = parse_proxy(*flags.proxy, "--proxy");
    if (!given) return std::unexpected(std::move(given.error()));
    if (const auto read = read_user(flags.user_file, *given); !read) return read;
    options.http_proxy = options.https_proxy = std::move(*given);
  } else if (auto read = read_proxies(environment, options); !read) {
    return read;
  }
  for (Proxy* const proxy : {&options.http_proxy, &options.https_proxy}) {
    proxy->tls.ca_file = flags.ca_file;
    if (flags.insecure) proxy->tls.insecure = Insecure::anything;
  }
  options.no_proxy = flags.no_proxy ? *flags.no_proxy : read_no_proxy(environment);
  return {};
}

}  // namespace headrace::cli
