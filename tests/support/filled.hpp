#pragma once

#include <map>
#include <string>
#include <string_view>

namespace headrace::test {

// A configuration's text with its @names@ replaced by what they stand for. Throws
// std::runtime_error for a name that is not there.
std::string filled(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace headrace::test
