#include "bindings/cli/proxy_flags.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <utility>

#include "bindings/cli/secret.hpp"

namespace headrace::cli {
namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (text.front() != '%') {
      out += text.front();
      continue;
    }
    unsigned char byte = 0;
    if (text.size() < 3) return std::nullopt;
    const auto [end, status] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
    if (status != std::errc{} || end != text.data() + 3) return std::nullopt;
    out += static_cast<char>(byte);
    text.remove_prefix(2);
  }
  return out;
}

// The first of these variables that is set, and not to nothing, with its name.
std::pair<std::string, std::string> first_set(const Environment& environment,
                                              std::initializer_list<const char*> names) {
  for (const char* const name : names)
    if (const char* const value = environment(name); value != nullptr && *value != '\0')
      return {value, name};
  return {};
}

std::expected<Proxy, std::string> from_environment(const Environment& environment,
                                                   std::initializer_list<const char*> names) {
  const auto [text, name] = first_set(environment, names);
  return parse_proxy(text, "the environment variable " + name);
}

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

std::expected<Proxy, std::string> parse_proxy(std::string_view text, const std::string& where) {
  if (text.empty()) return Proxy{};
  const std::size_t slashes = text.find("://");
  const bool has_scheme = slashes != std::string_view::npos;
  Proxy made{.url = has_scheme ? std::string(text.substr(0, slashes + 3)) : "http://"};
  std::string_view rest = has_scheme ? text.substr(slashes + 3) : text;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view both = rest.substr(0, at);
    const std::size_t colon = both.find(':');
    auto user = percent_decoded(both.substr(0, colon));
    auto password = percent_decoded(colon == std::string_view::npos ? "" : both.substr(colon + 1));
    if (!user || !password)
      return std::unexpected(where +
                             " has a % in user or password that encodes nothing: a % "
                             "itself is %25");
    made.user = std::move(*user);
    made.password = std::move(*password);
    rest.remove_prefix(at + 1);
  }
  made.url += rest;
  return made;
}

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
  } else {
    auto http = from_environment(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
    if (!http) return std::unexpected(std::move(http.error()));
    auto https =
        from_environment(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    if (!https) return std::unexpected(std::move(https.error()));
    options.http_proxy = std::move(*http);
    options.https_proxy = std::move(*https);
  }
  for (Proxy* const proxy : {&options.http_proxy, &options.https_proxy}) {
    proxy->tls.ca_file = flags.ca_file;
    if (flags.insecure) proxy->tls.insecure = Insecure::anything;
  }
  options.no_proxy =
      flags.no_proxy ? *flags.no_proxy : first_set(environment, {"no_proxy", "NO_PROXY"}).first;
  return {};
}

}  // namespace headrace::cli
