#pragma once

#include <string>
#include <string_view>

namespace headrace::http {

// "Basic " and what follows it (RFC 7617 §2). The user has no colon.
std::string basic_credentials(std::string_view user, std::string_view password);

}  // namespace headrace::http
