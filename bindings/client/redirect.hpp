#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/client/url.hpp"
#include "headrace/response.hpp"

namespace headrace::client {

struct RedirectRules {
  unsigned max = 10;
  bool to_http = false;    // also from https
  bool body_once = false;  // the request's body came from a source and can't be sent again
};

struct Redirect {
  Url to;
  bool leaves_origin = false;
  bool becomes_get = false;  // and loses its body
};

// Where an answer to this request leads: nowhere when it is no redirect; an error, the reason why
// not, when it is not to be followed. `followed` redirects led to `from`.
std::expected<std::optional<Redirect>, std::string> redirect_of(const Response& answer,
                                                                const Url& from,
                                                                std::string_view method,
                                                                unsigned followed,
                                                                const RedirectRules& rules);

}  // namespace headrace::client
