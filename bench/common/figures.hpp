#pragma once

#include <cstdio>
#include <initializer_list>
#include <utility>

namespace headrace::bench {

// What a program of its own found out, as one line of JSON.
inline void print_figures(std::initializer_list<std::pair<const char*, double>> figures) {
  const char* before = "{";
  for (const auto& [name, value] : figures) {
    std::printf("%s\"%s\":%.9g", before, name, value);
    before = ",";
  }
  std::printf("}\n");
}

}  // namespace headrace::bench
