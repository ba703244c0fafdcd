#pragma once

#include <cstddef>
#include <string_view>

#include "tests/lease/world.hpp"

namespace headrace::lease_model {

struct Verdict {
  std::string_view defect;  // empty: none
  std::size_t worlds = 0;
};

// Visits every world that can come about, in whatever order the threads take their steps, and looks
// for one that has a defect, or from which the end of all work can't be reached any more.
Verdict check(const Scene& scene);

}  // namespace headrace::lease_model
