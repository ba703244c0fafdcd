#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headrace {

/// RFC 4648 §4, with padding.
std::string base64_encode(std::string_view bytes);

/// The bytes, or nothing when the text is not exactly what `base64_encode` would have written:
/// no white space, no missing padding, no bits left over.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace headrace
