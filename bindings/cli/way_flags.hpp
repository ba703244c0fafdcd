#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/proxy_flags.hpp"
#include "headrace/options.hpp"

namespace CLI {
class App;
}

namespace headrace::cli {

/// What the command line says of the ways to servers, in curl's words.
struct WayFlags {
  std::vector<std::string> resolve = {};  ///< HOST:PORT:ADDRESS[,ADDRESS]..., read already
  std::string unix_socket = {};
  ProxyFlags proxies = {};
};

/// The flags must outlive the command.
void add_way_flags(CLI::App& command, WayFlags& flags);

/// Puts them into the engine's options, with what the environment says of proxies. What is wrong
/// with them otherwise.
std::expected<void, std::string> finish_ways(const WayFlags& flags, Options& options);

/// "HOST:PORT:ADDRESS[,ADDRESS]...", as curl's --resolve takes it; an IPv6 address with or without
/// its brackets. What is wrong with it otherwise.
std::expected<HostAddresses, std::string> parse_resolve(std::string_view text);

}  // namespace headrace::cli
