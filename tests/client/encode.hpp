#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headrace::test {

// The body in a content coding, by the coding's own library. "deflate" is zlib's format,
// "raw deflate" the bare data that some servers send under that name.
std::string encode(std::string_view coding, std::string_view body);

// The codings that this build has: what encode() takes.
std::vector<std::string> codings();

// What stands in Content-Encoding for it.
std::string_view coding_name(std::string_view coding);

}  // namespace headrace::test
