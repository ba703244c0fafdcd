// The same requests, all queued at once or (--variant window) as many at a time as fit the
// connections. A batch is submitted at a time, so that what is queued is the engine's, not ours.

#include <algorithm>
#include <stdexcept>

#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

constexpr std::size_t batch = 1000;

void check(const Result<Response>& result, const Arguments& arguments) {
  if (!result) throw Exception(result.error());
  if (result->status != 200 || result->body.size() != arguments.target.body_bytes)
    throw std::runtime_error("an answer is not what was asked for");
}

void all_at_once(Engine& engine, const Arguments& arguments) {
  std::vector<Future<Response>> calls;
  calls.reserve(arguments.requests);
  while (calls.size() < arguments.requests) {
    const std::size_t some = std::min(batch, arguments.requests - calls.size());
    auto submitted =
        engine.submit_all(std::vector<Request>(some, Request{.url = arguments.target.path}));
    std::move(submitted.begin(), submitted.end(), std::back_inserter(calls));
  }
  for (auto& [index, result] : as_completed(std::move(calls))) check(result, arguments);
}

void few_at_a_time(Engine& engine, const Arguments& arguments) {
  for (std::size_t left = arguments.requests; left > 0;) {
    const std::size_t some = std::min(left, arguments.outstanding());
    auto calls =
        engine.submit_all(std::vector<Request>(some, Request{.url = arguments.target.path}));
    for (auto& [index, result] : as_completed(std::move(calls))) check(result, arguments);
    left -= some;
  }
}

int run(const Arguments& arguments) {
  Engine engine({.base_url = arguments.target.origin(),
                 .connections_max = arguments.connections,
                 .pipeline_depth = arguments.depth,
                 .tls = {.ca_file = arguments.ca_file}});
  const auto warm_up = std::max<std::size_t>(arguments.warm_up, 1);
  for (auto& call :
       engine.submit_all(std::vector<Request>(warm_up, Request{.url = arguments.target.path})))
    check(call.wait(), arguments);
  const Usage before = Usage::now();
  if (arguments.variant == "window")
    few_at_a_time(engine, arguments);
  else
    all_at_once(engine, arguments);
  const Usage used = Usage::now().since(before);
  const auto count = static_cast<double>(arguments.requests);
  print_figures({{"requests", count},
                 {"seconds", used.seconds},
                 {"cpu_us", used.cpu_seconds() / count * 1e6},
                 {"peak_rss_mb", static_cast<double>(peak_rss_kib()) * 1024 / 1e6}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "burst_headrace", headrace::bench::run);
}
