#pragma once

#include <span>
#include <string>
#include <string_view>

#include "headrace/headers.hpp"

namespace headrace::client {

// A field that must not reach another origin: Authorization, Cookie, Proxy-Authorization, or one
// that the caller named.
bool is_credential(std::string_view name, std::span<const std::string> sensitive) noexcept;

// What stays of a request's fields when a redirect leads to another origin.
Headers for_other_origin(const Headers& fields, std::span<const std::string> sensitive);

// What stays of them when it loses its body (RFC 9110 §15.4, third list).
Headers without_content(const Headers& fields);

// All but the lines of these names.
Headers without(const Headers& fields, std::span<const std::string_view> names);

}  // namespace headrace::client
