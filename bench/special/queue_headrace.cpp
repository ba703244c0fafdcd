// What a request costs that can only wait, because the origin answers nobody: the caller's time to
// submit it, and the memory that it takes, the caller's future included.

#include <ctime>

#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

constexpr std::size_t batch = 1000;

// Of this thread alone: the loop's thread shares its core.
double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int run(const Arguments& arguments) {
  Engine engine({.base_url = arguments.target.origin(),
                 .connections_max = arguments.connections,
                 .pipeline_depth = arguments.depth,
                 .hang_timeout = std::chrono::hours(1),
                 .tls = {.ca_file = arguments.ca_file}});
  const Request request{.url = arguments.target.path};
  const std::size_t requests = arguments.requests / batch * batch;
  std::vector<Future<Response>> waiting;
  const auto submit = [&] {
    std::vector<Request> some(batch, request);
    const double begun = thread_seconds();
    auto calls = engine.submit_all(some);
    const double seconds = thread_seconds() - begun;
    std::move(calls.begin(), calls.end(), std::back_inserter(waiting));
    return seconds;
  };
  submit();
  static_cast<void>(engine.stats());  // the loop has read all that came
  const auto before = static_cast<double>(rss_kib());
  const Usage usage_before = Usage::now();
  waiting.reserve(requests + batch);
  double seconds = 0;
  for (std::size_t sent = 0; sent < requests; sent += batch) seconds += submit();
  static_cast<void>(engine.stats());
  const Usage used = Usage::now().since(usage_before);
  const auto after = static_cast<double>(rss_kib());
  const auto count = static_cast<double>(requests);
  print_figures({{"requests", count},
                 {"bytes_per_request", (after - before) * 1024 / count},
                 {"submit_ns", seconds / count * 1e9},
                 {"cpu_ns", used.cpu_seconds() / count * 1e9}});
  for (auto& call : waiting) call.cancel();
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "queue_headrace", headrace::bench::run);
}
