#pragma once

#include <string>
#include <string_view>

namespace headrace::json {

/// Appends `bytes` as a JSON string with its quotation marks. Bytes that are not UTF-8 are taken as
/// latin-1, so that the text is valid JSON whatever a peer sent.
void append_string(std::string& out, std::string_view bytes);

/// Appends `"key":`.
void append_key(std::string& out, std::string_view key);

/// Whether this is a number by RFC 8259 §6.
bool is_number(std::string_view text) noexcept;

}  // namespace headrace::json
