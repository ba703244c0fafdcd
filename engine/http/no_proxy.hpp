#pragma once

#include <string>
#include <string_view>

namespace headrace::http {

// Whether a list as curl's NO_PROXY takes it names this host, so that no proxy is used for it.
// Entries stand between commas or blanks:
//
//     *                 any host; only when it is the whole list
//     example.com       that host and every one below it, as do .example.com and example.com.
//     10.0.0.1, ::1     that address, however it is written; IPv6 with brackets or without
//     10.0.0.0/8        every address of that network
//
// `host` is an origin's: lower case, no brackets. A name is never resolved to compare it with
// addresses. Ports count for nothing. An entry that is none of these names nobody.
bool is_named_by(std::string_view no_proxy, std::string_view host);

}  // namespace headrace::http
