#include "bindings/cli/way_flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace headrace::cli {
namespace {

// Takes the text before a colon, which goes too; in brackets it may hold colons.
std::optional<std::string> take_part(std::string_view& rest) {
  const std::size_t end =
      rest.starts_with('[') ? rest.find("]:") + 1 : rest.find(':');  // npos + 1 is 0
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return std::string(part);
}

std::string without_brackets(std::string_view text) {
  const bool has = text.size() > 2 && text.front() == '[' && text.back() == ']';
  return std::string(has ? text.substr(1, text.size() - 2) : text);
}

}  // namespace

std::expected<HostAddresses, std::string> parse_resolve(std::string_view text) {
  constexpr const char* form =
      "--resolve takes HOST:PORT:ADDRESS, with commas between several addresses";
  const auto host = take_part(text);
  const auto port = host ? take_part(text) : std::nullopt;
  if (!port || text.empty()) return std::unexpected(form);
  HostAddresses made{.host = without_brackets(*host), .port = 0, .addresses = {}};
  const char* const last = port->data() + port->size();
  const auto [end, status] = std::from_chars(port->data(), last, made.port);
  if (status != std::errc{} || end != last || made.port == 0)
    return std::unexpected("--resolve needs a port of 1 to 65535 after its host");
  while (!text.empty()) {
    const std::string_view address = text.substr(0, text.find(','));
    made.addresses.push_back(without_brackets(address));
    text.remove_prefix(std::min(text.size(), address.size() + 1));
  }
  return made;
}

void add_way_flags(CLI::App& command, WayFlags& flags) {
  command
      .add_option("--resolve", flags.resolve,
                  "HOST:PORT:ADDRESS[,ADDRESS]...: where that host is, instead of asking for it; "
                  "as often as there are hosts")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        const auto parsed = parse_resolve(text);
        return parsed ? std::string() : parsed.error();
      });
  command.add_option("--unix-socket", flags.unix_socket,
                     "Connect to this Unix socket, whatever host and port are");
  add_proxy_flags(command, flags.proxies);
}

std::expected<void, std::string> finish_ways(const WayFlags& flags, Options& options) {
  for (const std::string& text : flags.resolve) {
    auto entry = parse_resolve(text);
    if (!entry) return std::unexpected(std::move(entry.error()));
    options.host_addresses.push_back(std::move(*entry));
  }
  options.unix_socket = flags.unix_socket;
  return finish_proxies(flags.proxies, options, [](const char* name) { return std::getenv(name); });
}

}  // namespace headrace::cli
