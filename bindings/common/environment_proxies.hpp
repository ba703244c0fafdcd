#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "headrace/options.hpp"

// Proxies as programs are told of them, in curl's words. The engine itself reads no environment.
namespace headrace {

/// A variable of the environment; null when it is not set.
using Environment = std::function<const char*(const char* name)>;

/// "[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]", user and password percent-encoded; without a scheme
/// it is an http proxy, and "" is none. `where` is what errors call it; they hold no secret.
std::expected<Proxy, std::string> parse_proxy(std::string_view text, const std::string& where);

/// Sets `http_proxy` and `https_proxy` by the variables http_proxy (in lower case only: a web
/// server's CGI programs get HTTP_PROXY from whoever sends a field "Proxy"), https_proxy or
/// HTTPS_PROXY, and for what has none of these all_proxy or ALL_PROXY.
std::expected<void, std::string> read_proxies(const Environment& environment, Options& options);

/// For `Options::no_proxy`: the variable no_proxy or NO_PROXY.
std::string read_no_proxy(const Environment& environment);

}  // namespace headrace
