#pragma once

#include <expected>
#include <optional>
#include <string>

#include "bindings/common/environment_proxies.hpp"
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

/// The flags must outlive the command.
void add_proxy_flags(CLI::App& command, ProxyFlags& flags);

/// Puts them into the engine's options. Without --proxy the environment counts, and without
/// --noproxy its no_proxy. What is wrong otherwise, without a secret.
std::expected<void, std::string> finish_proxies(const ProxyFlags& flags, Options& options,
                                                const Environment& environment);

}  // namespace headrace::cli
