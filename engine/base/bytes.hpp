#pragma once

#include <string_view>

namespace headrace {

// Bytes that somebody else owns. A view is valid until control returns to whoever handed it over,
// unless said otherwise.
using Bytes = std::string_view;

}  // namespace headrace
