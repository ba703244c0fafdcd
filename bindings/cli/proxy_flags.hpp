#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "headrace/options.hpp"

namespace CLI {
class App;
}

namespace headrace::cli {

/// What the command line says of proxies, in curl's words where curl has them.
struct ProxyFlags {
  std::optional<std::string> proxy = {};  ///< empty: none, whatever the environment says
  std::optional<std::string> no_proxy = {};
  std::string user_file = {};
  std::string ca_file = {};
  bool insecure = false;
};

/// A variable of the environment; null when it is not set.
using Environment = std::function<const char*(const char* name)>;

/// The flags must outlive the command.
void add_proxy_flags(CLI::App& command, ProxyFlags& flags);

/// Puts them into the engine's options. Without --proxy the environment counts, as for curl:
/// http_proxy (in lower case only: a web server's CGI programs get HTTP_PROXY from whoever sends a
/// field "Proxy"), https_proxy or HTTPS_PROXY, for what has none of these all_proxy or ALL_PROXY,
/// and, unless --noproxy is given, no_proxy or NO_PROXY. What is wrong otherwise, without a secret.
std::expected<void, std::string> finish_proxies(const ProxyFlags& flags, Options& options,
                                                const Environment& environment);

/// "[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]", user and password percent-encoded; without a scheme
/// it is an http proxy. `where` is what errors call it.
std::expected<Proxy, std::string> parse_proxy(std::string_view text, const std::string& where);

}  // namespace headrace::cli
