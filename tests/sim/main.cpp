#include <cstdlib>
#include <iostream>
#include <span>

#include "tests/sim/arguments.hpp"
#include "tests/sim/runner.hpp"

int main(int count, char** values) {
  const std::span<char* const> given{values + 1, static_cast<std::size_t>(count - 1)};
  const auto arguments = headrace::sim::parse_arguments(given, std::getenv("HEADRACE_SIM_SEED"));
  if (arguments) return headrace::sim::run(*arguments);
  std::cerr << headrace::sim::usage;
  return 2;
}
