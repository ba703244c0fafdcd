#pragma once

#include <string>

#include "headrace/stats.hpp"

namespace headrace::c {

// {"origins":[...]} with the names of headrace/stats.hpp; durations are in nanoseconds and say so.
std::string to_json(const Stats& stats);

}  // namespace headrace::c
