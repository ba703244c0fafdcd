#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace headrace::cli {

/// One way of fetching the inventory, and how long it took.
struct DemoRun {
  std::string name = {};
  std::size_t connections = 0;  ///< that the server saw
  unsigned depth = 1;
  std::size_t requests = 0;  ///< that the server saw
  double seconds = 0;
  double ideal_seconds = 0;

  double ratio_to_ideal() const noexcept { return seconds / ideal_seconds; }
};

struct DemoReport {
  std::size_t machines = 0;
  double delay_seconds = 0;
  std::size_t rows = 0;  ///< the same in every run
  std::vector<DemoRun> runs = {};
};

/// The time that a server which works on everything at once leaves no way around: the list, then
/// the other requests in rounds of as many as there are places.
double ideal_seconds(std::size_t requests, std::size_t places, double delay_seconds);

std::string to_table(const DemoReport& report);
std::string to_json(const DemoReport& report);

}  // namespace headrace::cli
