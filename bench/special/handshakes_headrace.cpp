// Connections with TLS that carry one request each, one after another: whether they are resumed is
// the origin's to say, the engine always offers.

#include <stdexcept>

#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

void connect(Engine& engine, const Arguments& arguments, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (engine.get(arguments.target.path).get().status != 200)
      throw std::runtime_error("an answer is not a 200");
}

double opened(const Engine& engine) {
  return static_cast<double>(engine.stats().origins.at(0).counters.opened);
}

int run(const Arguments& arguments) {
  Engine engine({.base_url = arguments.target.origin(),
                 .connections_max = 1,
                 .connection_requests_max = 1,
                 .tls = {.ca_file = arguments.ca_file}});
  connect(engine, arguments, arguments.warm_up + 1);
  const double opened_before = opened(engine);
  const Usage before = Usage::now();
  connect(engine, arguments, arguments.requests);
  const Usage used = Usage::now().since(before);
  const auto count = static_cast<double>(arguments.requests);
  if (opened(engine) - opened_before != count)
    throw std::runtime_error("not every request had a connection of its own");
  print_figures({{"connections", count},
                 {"cpu_ms", used.cpu_seconds() / count * 1e3},
                 {"ms", used.seconds / count * 1e3}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "handshakes_headrace", headrace::bench::run);
}
