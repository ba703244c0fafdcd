#include "bindings/common/environment_proxies.hpp"

#include <charconv>
#include <initializer_list>
#include <optional>
#include <utility>

namespace headrace {
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

std::expected<void, std::string> read_proxies(const Environment& environment, Options& options) {
  auto http = from_environment(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
  if (!http) return std::unexpected(std::move(http.error()));
  auto https =
      from_environment(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  if (!https) return std::unexpected(std::move(https.error()));
  options.http_proxy = std::move(*http);
  options.https_proxy = std::move(*https);
  return {};
}

std::string read_no_proxy(const Environment& environment) {
  return first_set(environment, {"no_proxy", "NO_PROXY"}).first;
}

}  // namespace headrace
