#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headrace::tls {

// Bytes that a peer chose, fit for an error's detail: what is not printable ASCII becomes \xNN,
// and what is longer than `bytes_max` is cut and ends in "...".
std::string printable(std::string_view bytes, std::size_t bytes_max = 200);

}  // namespace headrace::tls
