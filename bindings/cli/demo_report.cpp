#include "bindings/cli/demo_report.hpp"

#include <algorithm>
#include <cstdio>

#include "bindings/inventory/json_text.hpp"

namespace headrace::cli {
namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  char text[200];
  const int size = std::snprintf(text, sizeof text, format, values...);
  return {text, std::min(static_cast<std::size_t>(std::max(size, 0)), sizeof text - 1)};
}

void append_run(std::string& out, const DemoRun& run, double times_faster) {
  out += R"({"name":)";
  json::append_string(out, run.name);
  out += formatted(
      R"(,"connections":%zu,"depth":%u,"requests":%zu,"seconds":%.6f,"ideal_seconds":%.6f)",
      run.connections, run.depth, run.requests, run.seconds, run.ideal_seconds);
  out += formatted(R"(,"ratio_to_ideal":%.4f,"times_faster":%.2f})", run.ratio_to_ideal(),
                   times_faster);
}

}  // namespace

double ideal_seconds(std::size_t requests, std::size_t places, double delay_seconds) {
  if (requests == 0) return 0;
  const std::size_t rounds = 1 + (requests - 1 + places - 1) / places;
  return static_cast<double>(rounds) * delay_seconds;
}

std::string to_table(const DemoReport& report) {
  std::string out = formatted("%zu machines, each request answered after %.0f ms\n\n",
                              report.machines, report.delay_seconds * 1000);
  out += formatted("%-26s %8s %11s %11s %8s %7s %7s\n", "", "requests", "connections", "wall time",
                   "ideal", "/ ideal", "faster");
  for (const DemoRun& run : report.runs) {
    out += formatted("%-26s %8zu %11zu %9.3f s %6.2f s %7.3f %6.1fx\n", run.name.c_str(),
                     run.requests, run.connections, run.seconds, run.ideal_seconds,
                     run.ratio_to_ideal(), report.runs.front().seconds / run.seconds);
  }
  return out;
}

std::string to_json(const DemoReport& report) {
  std::string out = formatted(R"({"machines":%zu,"delay_seconds":%.3f,"rows":%zu,"runs":[)",
                              report.machines, report.delay_seconds, report.rows);
  for (const DemoRun& run : report.runs) {
    if (&run != &report.runs.front()) out += ',';
    append_run(out, run, report.runs.front().seconds / run.seconds);
  }
  return out + "]}\n";
}

}  // namespace headrace::cli
