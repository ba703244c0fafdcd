// What happens on the caller's thread: URLs are read, requests checked and rendered.

#include <string_view>

#include "bench/micro/counted.hpp"
#include "engine/http/prepare.hpp"
#include "engine/http/url.hpp"

namespace headrace {
namespace {

void parse_url(benchmark::State& state, std::string_view text) {
  const bench::CountedAllocations counted(state);
  for (auto _ : state) benchmark::DoNotOptimize(http::parse_url(text));
}
BENCHMARK_CAPTURE(parse_url, address, "http://127.0.0.1:8080/bytes/300");
BENCHMARK_CAPTURE(parse_url, name, "https://cloud.example.org/ovirt-engine/api/vms?max=100");

void prepare(benchmark::State& state, const Request& request) {
  const auto base = http::parse_base("https://cloud.example.org/ovirt-engine/api");
  if (!base) return state.SkipWithError("the base URL was refused");
  const bench::CountedAllocations counted(state);
  for (auto _ : state) benchmark::DoNotOptimize(http::prepare(request, *base, false));
}
BENCHMARK_CAPTURE(prepare, path, Request{.url = "/vms"});
BENCHMARK_CAPTURE(prepare, path_and_fields,
                  Request{.url = "/vms",
                          .headers = {{"Accept", "application/json"},
                                      {"Authorization", "Bearer 0123456789abcdef0123456789"}}});
BENCHMARK_CAPTURE(prepare, absolute_url,
                  Request{.url = "https://cloud.example.org/ovirt-engine/api/vms"});

}  // namespace
}  // namespace headrace
