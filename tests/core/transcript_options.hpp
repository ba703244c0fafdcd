#pragma once

#include <string>

#include "headrace/options.hpp"

namespace headrace::test {

// "connections_max=2": an engine's option as transcripts name it, times in milliseconds.
void set_option(Options& options, const std::string& word);

}  // namespace headrace::test
