#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/http/origin.hpp"
#include "engine/http/proxies.hpp"
#include "headrace/error.hpp"
#include "headrace/version.hpp"

namespace headrace::http {

// An origin as requests name it.
struct Site {
  Origin origin;
  std::string host;   // the Host field's value
  std::string front;  // what stands between method and path: a space, and for a proxy the rest of
                      // an absolute-form (RFC 9112 §3.2.2)
  std::string rest;   // of a head whose request has no fields of its own, behind the target
  std::string proxy_fields;  // lines for a proxy that is sent requests
  bool has_proxy = false;    // of either kind
};

// `proxies` is null when there are none at all.
Result<std::shared_ptr<const Site>> site_of(Result<Origin> origin,
                                            const Proxies* proxies = nullptr);

inline constexpr std::string_view user_agent_line = "User-Agent: headrace/" HEADRACE_VERSION "\r\n";

// Reads the front of absolute URLs, and remembers the last few: a caller mostly has few origins,
// and names each of them in the same words. Belongs to one thread.
class OriginMemo {
 public:
  // What "scheme://authority" stands for where these are the proxies, taken off the front of the
  // URL.
  Result<std::shared_ptr<const Site>> take_site(std::string_view& url,
                                                const std::shared_ptr<const Proxies>& proxies = {});

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const Proxies> proxies;  // held, so that no other engine's can be taken for it
    std::shared_ptr<const Site> site;
  };

  std::array<Entry, 8> entries_;
  std::size_t oldest_ = 0;
};

}  // namespace headrace::http
