#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "headrace/detail/ascii.hpp"
#include "headrace/error.hpp"
#include "headrace/headers.hpp"

namespace headrace::http {

// What a request's own fields say, once each of them is known to be harmless (S37).
struct FieldFacts {
  std::optional<std::string_view> host;  // the caller's Host, instead of the URL's
  bool user_agent = false;
  bool proxy_authorization = false;
  bool close = false;    // Connection: close
  bool upgrade = false;  // Upgrade, and Connection: upgrade
  bool expect = false;   // Expect: 100-continue
  bool alone = false;    // asks for an upgrade or has an expectation: shares no pipeline (S8)
};

// Views in the facts are into `headers`.
Result<FieldFacts> check_fields(const Headers& headers);

// The lines of a request's trailer section, each ended by CRLF. What frames, routes, authenticates
// or changes a request is refused there (RFC 9110 §6.5.1).
Result<std::string> render_trailers(const Headers& trailers);

constexpr bool is_host(std::string_view name) { return equal_ignoring_case(name, "Host"); }

}  // namespace headrace::http
