#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"

// The language of transcripts below its verbs (tests/wire/README.md).
namespace headrace::test {

// Words are separated by spaces; "..." is one word, with \r \n \t \0 \" \\ and \xHH.
std::vector<std::string> split(std::string_view line);

Duration duration_of(const std::string& text);  // "50ms", "2s"

// What stands behind the key, or nothing.
std::string value_of(const std::string& word, std::string_view key);

// A body in quotes; what is long is only counted.
std::string excerpt(const std::string& body);

// "GET /a, POST /b": the request lines in a write, bodies skipped by their Content-Length.
std::string summary_of(std::string_view bytes);

}  // namespace headrace::test
