#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/origin.hpp"
#include "engine/http/proxies.hpp"
#include "headrace/error.hpp"
#include "headrace/version.hpp"

namespace headrace::http {

// An origin as requests name it.
struct Site : std::enable_shared_from_this<Site> {
  Origin origin;
  std::string host;   // the Host field's value
  std::string front;  // what stands between method and path: a space, and for a proxy the rest of
                      // an absolute-form (RFC 9112 §3.2.2)
  std::string get;    // the same behind the method that most have
  std::string rest;   // of a head whose request has no fields of its own, behind the target
  std::string proxy_fields;  // lines for a proxy that is sent requests
  bool has_proxy = false;    // of either kind
};

// `proxies` is null when there are none at all.
Result<std::shared_ptr<const Site>> site_of(Result<Origin> origin,
                                            const Proxies* proxies = nullptr);

inline constexpr std::string_view user_agent_line = "User-Agent: headrace/" HEADRACE_VERSION "\r\n";

}  // namespace headrace::http
