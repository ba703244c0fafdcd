#pragma once

#include <string>
#include <string_view>

namespace headrace {

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3: safe in a path segment, in a
/// query and in a form.
std::string percent_encode(std::string_view bytes);

}  // namespace headrace
