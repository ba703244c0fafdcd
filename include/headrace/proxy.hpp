#pragma once

#include <string>

#include "headrace/tls_options.hpp"

namespace headrace {

/// A proxy between the engine and origins, and what it is to be told. The engine reads no
/// environment: what HTTPS_PROXY and its kin say is for programs to read.
///
/// Requests to http origins go to an http or https proxy in absolute form (RFC 9112 §3.2.2), those
/// to https origins through a tunnel that CONNECT opens (RFC 9110 §9.3.6); through a SOCKS proxy
/// (RFC 1928) everything is a tunnel. An origin's TLS is spoken with the origin in either case.
/// A tunnel that the proxy refuses is `proxy_failed`; `connect_failed`, and tried again, when the
/// proxy could not reach the origin (502 to 504, or what SOCKS says of that kind). An answer to a
/// request in absolute form, 407 for instance, is a response like any other.
///
/// A connection carries the requests of one origin alone, and an origin has one proxy as long as
/// an engine lives, so that none is shared across proxies or credentials.
struct Proxy {
  /// "http://proxy.example:3128", or https:// (TLS to the proxy), socks5:// (names are resolved
  /// here, and of an origin's addresses the first is taken) or socks5h:// (the proxy resolves
  /// them). The ports that may be left out are 80, 443 and 1080. Empty: no proxy.
  std::string url = {};
  /// Basic credentials (RFC 7617) or those of RFC 1929, at most 255 bytes each; the user without a
  /// colon for HTTP. They go to the proxy only, and into no error. An https proxy aside, whoever
  /// stands between here and the proxy reads them.
  std::string user = {};
  std::string password = {};
  /// Of an https proxy. `Options::tls` and what origins have of their own is not for proxies.
  TlsOptions tls = {};
};

}  // namespace headrace
