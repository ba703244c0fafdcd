#include "bench/common/client.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "bench/common/usage.hpp"

namespace headrace::bench {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[index];
}

void print_percentiles(std::vector<double> waits) {
  if (waits.empty()) return;
  std::sort(waits.begin(), waits.end());
  std::printf(",\"p50_us\":%.2f,\"p99_us\":%.2f", quantile(waits, 0.5), quantile(waits, 0.99));
}

// A phase that lost something is no measurement.
bool complete(const char* name, const Tally& tally, std::size_t requests, std::size_t body_bytes) {
  if (tally.failed == 0 && tally.answered == requests && tally.body_bytes == requests * body_bytes)
    return true;
  std::fprintf(stderr,
               "%s: of %zu requests %zu were answered, %zu failed; %zu body bytes, not %zu\n", name,
               requests, tally.answered, tally.failed, tally.body_bytes, requests * body_bytes);
  return false;
}

}  // namespace

int measure(const Description& description, const Arguments& arguments, Client& client) {
  const char* name = description.name.c_str();
  const std::size_t body_bytes = arguments.target.body_bytes;
  if (arguments.warm_up > 0 &&
      !complete(name, client.run(arguments.warm_up), arguments.warm_up, body_bytes))
    return 1;
  const Usage before = Usage::now();
  Tally tally = client.run(arguments.requests);
  const Usage used = Usage::now().since(before);
  if (!complete(name, tally, arguments.requests, body_bytes)) return 1;
  std::printf(
      "{\"client\":\"%s\",\"variant\":\"%s\",\"version\":\"%s\",\"requests\":%zu,\"failed\":0,"
      "\"body_bytes\":%zu,\"seconds\":%.6f,\"cpu_user_seconds\":%.6f,\"cpu_system_seconds\":%.6f,"
      "\"peak_rss_kib\":%zu",
      name, description.variant.c_str(), client.version().c_str(), arguments.requests,
      tally.body_bytes, used.seconds, used.cpu_user_seconds, used.cpu_system_seconds,
      peak_rss_kib());
  print_percentiles(std::move(tally.waits_us));
  std::printf("}\n");
  return 0;
}

int client_main(int count, char** values, const char* name, int (*run)(const Arguments&)) {
  try {
    return run(parse_arguments(count, values));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 1;
  }
}

}  // namespace headrace::bench
