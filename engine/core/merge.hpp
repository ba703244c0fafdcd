#pragma once

#include <span>
#include <string>

#include "headrace/stats.hpp"

namespace headrace::core {

// What several cores of one engine (Options::loops) know, as if they were one. Where they have
// learned different things of an origin, trouble counts for more than success and success for more
// than nothing: off, on_trial, capable, unknown; of two alike, the one with less depth.

// Origins that are in both become one. The connections' names must differ.
void merge(Stats& into, Stats from);

// Of texts that Core::profiles gave, or empty ones of cores that are gone.
std::string merge_profiles(std::span<const std::string> texts);

}  // namespace headrace::core
