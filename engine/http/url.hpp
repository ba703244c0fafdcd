#pragma once

#include <string>
#include <string_view>

#include "engine/http/origin.hpp"
#include "headrace/error.hpp"

namespace headrace::http {

struct Url {
  Origin origin;
  std::string
      target;  // origin-form (RFC 9112 §3.2.1): path and query, at least "/"; a fragment is dropped
};

// Reads an absolute http or https URL. The authority is read strictly (RFC 3986); path and query
// keep their bytes, which must be visible ASCII. Userinfo is refused: it would end in logs. Errors
// never repeat the userinfo.
Result<Url> parse_url(std::string_view text);

// The same for the part up to the path, which is taken off the front.
Result<Origin> take_origin(std::string_view& url);

// Checks a path with its query and cuts off the fragment. What is left may lack its leading "/".
Result<std::string_view> check_target(std::string_view text);

// ... and adds that.
Result<std::string> parse_target(std::string_view text);

}  // namespace headrace::http
