#pragma once

#include <string>

namespace headrace::test {

// Fails when the table of tests/README.md that has such a row and column says something else there
// than what was seen. With HEADRACE_FILL_TABLE in the environment it is written there instead.
void check_cell(const std::string& row, const std::string& column, const std::string& seen);

}  // namespace headrace::test
